"""A private server, started for one run from PostgreSQL's programs on this machine, and stopped with it."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg2
from psycopg2 import sql

from action.errors import PostgresError
from action.postgres.servers import leftovers, libpq_variables, template
from action.postgres.servers.account import Account, server_account
from action.postgres.servers.binaries import Binaries, find
from action.postgres.servers.connection import connected
from action.postgres.servers.interface import Address, ServerWanted
from action.postgres.servers.leftovers import RunDirectory

_HOST = "127.0.0.1"
_PARAMETERS = (("hostaddr", _HOST), ("sslmode", "disable"))
_READY_WITHIN = 60.0
"""Seconds; a start takes some hundredths, and a wait of minutes would hide an error."""
_STOP_WITHIN = 10.0
_POLL = 0.002
_PORT_ATTEMPTS = 5
_LOG_TAIL = 4000
"""Characters."""

# A server that is kept outlives its Popen, which would warn about that when it is collected.
_kept: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedServer:
    """A server of ours; see interface.PostgresServer."""

    address: Address
    version: str
    version_num: int
    detail: str
    pid: int
    directory: Path
    log: Path
    kind: str = "embedded"
    is_ours: bool = True


def provide(wanted: ServerWanted) -> AbstractContextManager[EmbeddedServer]:
    """Start a server of the wanted major version, as a Way does."""
    libpq_variables.drop()  # here, where no other thread runs yet: the project's process gets the rest
    return boot(version=wanted.major, keep=wanted.keep)


@contextmanager
def boot(*, version: int | None = None, keep: bool = False) -> Iterator[EmbeddedServer]:
    """Start a server of the newest or a chosen major version; stop it at the end of the block unless it is kept.

    Raises PostgresError when its programs are missing or do not start, with the log in the details.
    """
    with ExitStack() as cleanup:
        try:
            server = _boot(cleanup, version, keep)
        except (OSError, subprocess.SubprocessError, psycopg2.Error) as error:
            raise PostgresError(
                "PostgreSQL could not be started.",
                why=str(error).strip(),
                remedy="Fix the cause, or set --database-url to a running server.",
            ) from error
        if keep:
            cleanup.pop_all()
        yield server


def _boot(cleanup: ExitStack, version: int | None, keep: bool) -> EmbeddedServer:
    leftovers.sweep()
    account = server_account()
    run = leftovers.make_run_directory(account)
    cleanup.callback(run.remove)
    binaries = find(version, account, run.path)
    process, address, number = _start(cleanup, binaries, account, run)
    if keep:
        run.keep()
        _kept.append(process)
    else:
        cleanup.enter_context(leftovers.watched(process.pid, run.path))
    return EmbeddedServer(
        address=address,
        version=_short_version(number),
        version_num=number,
        detail=binaries.detail + (_how_to_reach(address, process.pid, run) if keep else ""),
        pid=process.pid,
        directory=run.path,
        log=run.log,
    )


def _short_version(number: int) -> str:
    return f"{number // 10000}.{number % 10000}"


def _start(
    cleanup: ExitStack, binaries: Binaries, account: Account, run: RunDirectory
) -> tuple[subprocess.Popen[bytes], Address, int]:
    cached = template.cached_archive(binaries)
    # An archive that does not unpack, start or accept our login is replaced by a new one, once.
    with contextlib.suppress(PostgresError, OSError, psycopg2.Error):
        if cached.exists():
            return _launch(cleanup, binaries, account, run, template.unpack(cached, account, run.data))
    shutil.rmtree(run.data, ignore_errors=True)
    return _launch(cleanup, binaries, account, run, _unpack_new(binaries, account, run))


def _launch(
    cleanup: ExitStack, binaries: Binaries, account: Account, run: RunDirectory, password: str
) -> tuple[subprocess.Popen[bytes], Address, int]:
    with ExitStack() as on_failure:
        process, port = _start_on_free_port(on_failure, binaries, account, run)
        address, number = _set_password(port, password)
        cleanup.push(on_failure.pop_all())
    return process, address, number


def _unpack_new(binaries: Binaries, account: Account, run: RunDirectory) -> str:
    archive = template.make_archive(binaries, account, run.path)
    password = template.unpack(archive, account, run.data)
    shutil.rmtree(run.path / "initdb")
    if archive.parent == run.path:
        archive.unlink()
    return password


def _start_on_free_port(
    cleanup: ExitStack, binaries: Binaries, account: Account, run: RunDirectory
) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(_PORT_ATTEMPTS):
        port = _free_port()
        with run.log.open("wb") as log, ExitStack() as on_failure:
            process = account.start(_command(binaries, run, port), log)
            on_failure.callback(_stop, process)
            if _becomes_ready(process, run):
                cleanup.push(on_failure.pop_all())
                return process, port
        if "Address already in use" not in _tail(run.log):
            break
    raise PostgresError(
        "PostgreSQL did not start.",
        why=f"{binaries.detail} ended, or was not ready within {_READY_WITHIN:.0f} seconds.",
        remedy="Read the end of its log below. Or set --postgres-version to another version, or --database-url to a "
        "running server.",
        details=_tail(run.log),
    )


def _command(binaries: Binaries, run: RunDirectory, port: int) -> list[str | Path]:
    # Servers from one template have the same system identifier; the cluster's name identifies them.
    name = f"cluster_name={run.path.name}"
    return [binaries.program("postgres"), "-D", run.data, "-p", str(port), "-c", name]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _becomes_ready(process: subprocess.Popen[bytes], run: RunDirectory) -> bool:
    # The eighth line of the pid file is the server's state. A connection instead could reach itself: on Linux a
    # connection to a free port of the ephemeral range sometimes gets that same port as its own.
    deadline = time.monotonic() + _READY_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            lines = (run.data / "postmaster.pid").read_text().splitlines()
            if len(lines) > 7 and lines[7].strip() == "ready":
                return True
        time.sleep(_POLL)
    return False


def _set_password(port: int, bootstrap_password: str) -> tuple[Address, int]:
    first = Address(
        host=_HOST,
        port=port,
        user=template.SUPERUSER,
        password=bootstrap_password,
        parameters=_PARAMETERS,
        is_complete=True,
    )
    address = replace(first, password=template.random_password())
    with connected(first) as connection, connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(address.user), sql.Literal(address.password))
        )
        return address, connection.server_version


def _how_to_reach(address: Address, pid: int, run: RunDirectory) -> str:
    url = f"postgresql://{address.user}:{address.password}@{address.host}:{address.port}/{address.maintenance_database}"
    return f". Connect with: psql {url} . Stop it with: kill -INT {pid} (the next run deletes {run.path})"


def _stop(process: subprocess.Popen[bytes]) -> None:
    # Immediate shutdown: there is nothing to save.
    for number in (signal.SIGQUIT, signal.SIGKILL):
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)  # one that was stopped
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_WITHIN)
            return


def _tail(log: Path) -> str:
    try:
        return log.read_text(errors="replace")[-_LOG_TAIL:]
    except OSError:
        return ""
