"""Which way the settings choose, and that each way is a module behind the interface."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from action.postgres.servers.binaries import NotInstalledError
from action.postgres.servers.choose import WAYS, provided, wanted_by, way_of
from action.postgres.servers.interface import PostgresServer, ServerWanted
from action.settings import Settings


def url_of(server: PostgresServer) -> SecretStr:
    address = server.address
    return SecretStr(f"postgresql://{address.user}:{address.password}@{address.host}:{address.port}/postgres")


def only(settings: Settings) -> ServerWanted:
    (wanted,) = wanted_by(settings)
    return wanted


def test_a_server_that_is_given_is_used_as_a_guest(server: PostgresServer) -> None:
    wanted = only(Settings(database_url=url_of(server)))
    with provided(wanted) as found:
        assert (found.kind, found.is_ours, found.version_num) == (way_of(wanted), False, server.version_num)


def test_without_one_a_server_is_booted_that_is_ours(server: PostgresServer) -> None:
    wanted = only(Settings(postgres=(server.version,)))
    with provided(wanted) as found:
        assert (found.kind, found.is_ours, found.version_num) == (way_of(wanted), True, server.version_num)
        assert found.address != server.address


def test_nothing_is_started_before_the_block_is_entered() -> None:
    waiting = provided(only(Settings(postgres=("3",))))
    with pytest.raises(NotInstalledError, match=r"^PostgreSQL 3 "), waiting:
        pass


def test_what_the_settings_say_of_the_servers() -> None:
    assert wanted_by(Settings()) == (ServerWanted(),)
    settings = Settings(postgres=("16.4", "15", "16.5"), postgres_image=("postgis/postgis:17-3.5",), keep=True)
    assert wanted_by(settings) == (
        ServerWanted(major=16, keep=True),
        ServerWanted(major=15, keep=True),
        ServerWanted(image="postgis/postgis:17-3.5", keep=True),
    )
    wanted = only(Settings(database_url=SecretStr("postgresql://u:s3cret@h/d")))
    assert wanted.url == "postgresql://u:s3cret@h/d"
    assert "s3cret" not in repr(wanted)


def test_every_way_is_named_as_its_module() -> None:
    assert {name: vars(way)["__name__"].rpartition(".")[2] for name, way in WAYS.items()} == {
        name: name for name in WAYS
    }
