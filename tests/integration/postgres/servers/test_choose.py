"""Which way the settings choose, and that each way is a module behind the interface."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from action.errors import PostgresError
from action.postgres.servers.choose import WAYS, chosen_server, wanted_by, way_of
from action.postgres.servers.interface import PostgresServer, ServerWanted
from action.settings import Settings


def url_of(server: PostgresServer) -> SecretStr:
    address = server.address
    return SecretStr(f"postgresql://{address.user}:{address.password}@{address.host}:{address.port}/postgres")


def test_a_server_that_is_given_is_used_as_a_guest(server: PostgresServer) -> None:
    settings = Settings(database_url=url_of(server))
    with chosen_server(settings) as found:
        assert (found.kind, found.is_ours, found.version_num) == (way_of(settings), False, server.version_num)


def test_without_one_a_server_is_booted_that_is_ours(server: PostgresServer) -> None:
    settings = Settings(postgres_version=server.version)
    with chosen_server(settings) as found:
        assert (found.kind, found.is_ours, found.version_num) == (way_of(settings), True, server.version_num)
        assert found.address != server.address


def test_nothing_is_started_before_the_block_is_entered() -> None:
    waiting = chosen_server(Settings(postgres_version="3"))
    with pytest.raises(PostgresError, match=r"^PostgreSQL 3 "), waiting:
        pass


def test_what_the_settings_say_of_the_server() -> None:
    assert wanted_by(Settings()) == ServerWanted()
    assert wanted_by(Settings(postgres_version="16.4", keep=True)) == ServerWanted(major=16, keep=True)
    wanted = wanted_by(Settings(database_url=SecretStr("postgresql://u:s3cret@h/d")))
    assert wanted.url == "postgresql://u:s3cret@h/d"
    assert "s3cret" not in repr(wanted)


def test_every_way_is_named_as_its_module() -> None:
    assert {name: vars(way)["__name__"].rpartition(".")[2] for name, way in WAYS.items()} == {
        name: name for name in WAYS
    }
