"""What is left of a run that was killed, stopped, or run with --keep."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import psycopg2
import pytest

from action.errors import PostgresError
from action.postgres.servers import leftovers
from action.postgres.servers.account import server_account
from action.postgres.servers.connection import connected
from action.postgres.servers.embedded import boot
from action.postgres.servers.interface import Address


class Owner(Protocol):
    """A process that has booted a server, see conftest.py."""

    facts: dict[str, Any]
    process: subprocess.Popen[str]

    @property
    def server(self) -> int: ...

    @property
    def directory(self) -> Path: ...

    def server_runs(self) -> bool: ...

    def end(self, number: signal.Signals | None = None) -> int: ...

    def kill_with_its_parent(self) -> None: ...


Own = Callable[..., Owner]
Wait = Callable[[Callable[[], bool]], None]


STOPPED = 130
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGABRT, signal.SIGUSR1, signal.SIGALRM]


@pytest.mark.parametrize(("number", "code"), [(None, 0), *((number, STOPPED) for number in SIGNALS)])
def test_stopped_owner_leaves_nothing(own: Own, number: signal.Signals | None, code: int) -> None:
    owner = own()
    assert owner.server_runs()
    assert owner.end(number) == code
    assert not owner.server_runs()
    assert not owner.directory.exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGQUIT])
def test_a_run_that_is_killed_leaves_nothing_when_its_parent_ends(own: Own, number: signal.Signals) -> None:
    owner = own()
    os.kill(owner.facts["run"], number)
    assert owner.process.wait(30) == (128 + number if number != signal.SIGQUIT else STOPPED)
    assert not owner.server_runs()
    assert not owner.directory.exists()


def test_a_run_whose_parent_is_killed_ends_by_itself(own: Own, wait_until: Wait) -> None:
    owner = own()
    assert owner.end(signal.SIGKILL) == -signal.SIGKILL
    wait_until(lambda: not owner.server_runs() and not owner.directory.exists())


def test_next_boot_cleans_up_when_both_were_killed(own: Own) -> None:
    owner = own()
    owner.kill_with_its_parent()
    assert owner.server_runs()
    with boot():
        assert not owner.server_runs()
        assert not owner.directory.exists()


def test_living_owners_are_left_alone(own: Own) -> None:
    owner = own()
    assert owner.directory not in leftovers.sweep()
    assert owner.server_runs()


def test_killed_owner_of_an_ended_server_leaves_only_its_directory(own: Own, wait_until: Wait) -> None:
    owner = own()
    owner.kill_with_its_parent()
    os.kill(owner.server, signal.SIGKILL)
    wait_until(lambda: not owner.server_runs())
    assert (owner.directory / "data" / "postmaster.pid").exists()
    leftovers.sweep()
    assert not owner.directory.exists()


def test_another_process_with_the_servers_number_is_not_stopped(own: Own, wait_until: Wait) -> None:
    owner, bystander = own(), own()
    owner.kill_with_its_parent()
    os.kill(owner.server, signal.SIGKILL)
    wait_until(lambda: not owner.server_runs())
    (owner.directory / "data" / "postmaster.pid").write_text(f"{bystander.server}\n")
    leftovers.sweep()
    assert not owner.directory.exists()
    assert bystander.server_runs()


def test_kept_server_outlives_its_owner_and_the_sweep(own: Own, wait_until: Wait) -> None:
    owner = own("keep")
    try:
        assert owner.end() == 0
        assert owner.directory not in leftovers.sweep()
        url = f"postgresql://postgres:{owner.facts['password']}@127.0.0.1:{owner.facts['port']}/postgres"
        stop = f"kill -INT {owner.server} (the next run deletes {owner.directory})"
        assert owner.facts["detail"].endswith(f". Connect with: psql {url} . Stop it with: {stop}")
        psycopg2.connect(url).close()
    finally:
        os.kill(owner.server, signal.SIGINT)
    wait_until(lambda: not owner.server_runs())
    leftovers.sweep()
    assert not owner.directory.exists()


def test_terminals_interrupt_reaches_us_and_not_the_server(own: Own) -> None:
    owner = own()
    assert os.getpgid(owner.server) == owner.server
    address = Address(host="127.0.0.1", port=owner.facts["port"], user="postgres", password=owner.facts["password"])
    with connected(address) as connection:
        assert connection.closed == 0


def test_folders_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(leftovers, "_on_disk", lambda: iter([tmp_path]))
    mine, target = tmp_path / f"{leftovers.PREFIX}checkout", tmp_path / "target"
    for folder in (mine / "data", target / "data"):
        folder.mkdir(parents=True)
    (tmp_path / f"{leftovers.PREFIX}link").symlink_to(target)
    (target / "owner.pid").touch()
    leftovers.sweep()
    assert (mine / "data").is_dir()
    assert (target / "data").is_dir()


def test_disk_serves_where_shared_memory_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "_ENOUGH", 1 << 60)
    with boot() as server:
        assert not server.directory.is_relative_to("/dev/shm")
    assert not server.directory.exists()


def test_without_a_writable_place_the_error_names_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(leftovers, "_places", lambda: iter([tmp_path / "missing"]))
    tmp_path.joinpath("missing").touch()
    with pytest.raises(PostgresError) as raised:
        leftovers.make_run_directory(server_account())
    assert raised.value.why == f"Each of {tmp_path}/missing is full, read-only or not open to the server's user."


def test_pipes_in_a_stale_folder_do_not_hold_up_the_sweep(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(leftovers, "_on_disk", lambda: iter([tmp_path]))
    stale, locked = tmp_path / f"{leftovers.PREFIX}stale", tmp_path / f"{leftovers.PREFIX}locked"
    for folder in (stale, locked):
        (folder / "data").mkdir(parents=True)
        os.mkfifo(folder / "data" / "postmaster.pid")
        os.mkfifo(folder / "kept")
    (stale / "owner.pid").touch()
    os.mkfifo(locked / "owner.pid")
    # A run's lock is a regular file: a folder whose lock is a pipe is no run's, and not ours to delete.
    assert set(leftovers.sweep()) & {stale, locked} == {stale}
    assert list(tmp_path.iterdir()) == [locked]
