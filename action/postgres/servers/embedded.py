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
from action.postgres.servers import leftovers, libpq_variables, template, trusted_extensions
from action.postgres.servers.account import Account, server_account
from action.postgres.servers.binaries import Binaries, find
from action.postgres.servers.connection import connected
from action.postgres.servers.interface import Address, ServerWanted
from action.postgres.servers.leftovers import RunDirectory
from action.postgres.servers.ordinary_role import ORDINARY, SUPERUSER, TRUSTED_SINCE
from action.repository.regular import read_regular
from action.repository.system_errors import remedy_of, said
from action.sandbox.looking import is_file

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
    admin: Address
    version: str
    version_num: int
    detail: str
    role_is_ordinary: bool
    pid: int
    directory: Path
    log: Path
    kind: str = "embedded"
    is_ours: bool = True


def provide(wanted: ServerWanted) -> AbstractContextManager[EmbeddedServer]:
    """Start a server of the wanted major version, as a Way does."""
    libpq_variables.drop()  # here, where no other thread runs yet: the project's process gets the rest
    return boot(version=wanted.major, keep=wanted.keep, superuser=wanted.superuser)


@contextmanager
def boot(*, version: int | None = None, keep: bool = False, superuser: bool = False) -> Iterator[EmbeddedServer]:
    """Start a server of the newest or a chosen major version; stop it at the end of the block unless it is kept.

    With ``superuser`` the role of the migrations is one; before PostgreSQL 13 it always is.

    Raises PostgresError when its programs are missing or do not start, with the log in the details.
    """
    with ExitStack() as cleanup:
        try:
            server = _boot(cleanup, version, keep, superuser)
        except (OSError, subprocess.SubprocessError, psycopg2.Error) as error:
            raise PostgresError(
                "PostgreSQL could not be started.",
                why=f"{said(error)}." if isinstance(error, OSError) else str(error).strip(),
                remedy=_remedy(error),
            ) from error
        if keep:
            cleanup.pop_all()
        yield server


def _remedy(error: Exception) -> str:
    known = remedy_of(error.errno) if isinstance(error, OSError) else None
    return f"{known or 'Fix the cause,'} {'Or' if known else 'or'} set --database-url to a running server."


def _boot(cleanup: ExitStack, version: int | None, keep: bool, superuser: bool) -> EmbeddedServer:
    leftovers.sweep()
    account = server_account()
    run = leftovers.make_run_directory(account)
    cleanup.callback(run.remove)
    binaries = find(version, account, run.path)
    process, admin, address, number = _start(cleanup, binaries, account, run)
    is_ordinary = number >= TRUSTED_SINCE and not superuser
    if not is_ordinary:
        _make_superuser(admin, address.user)
    if keep:
        run.keep()
        run.holds(process.pid, kept=True)
        _kept.append(process)
    return EmbeddedServer(
        address=address,
        admin=admin,
        role_is_ordinary=is_ordinary,
        version=_short_version(number),
        version_num=number,
        detail=binaries.detail
        + ("" if is_ordinary else "; migrations run as a superuser")
        + (_how_to_reach(address, process.pid, run) if keep else ""),
        pid=process.pid,
        directory=run.path,
        log=run.log,
    )


def _short_version(number: int) -> str:
    return f"{number // 10000}.{number % 10000}"


def _start(
    cleanup: ExitStack, binaries: Binaries, account: Account, run: RunDirectory
) -> tuple[subprocess.Popen[bytes], Address, Address, int]:
    cached = template.cached_archive(binaries)
    # An archive that does not unpack, start or accept our login is replaced by a new one, once.
    with contextlib.suppress(PostgresError, OSError, psycopg2.Error):
        if is_file(cached):
            return _launch(cleanup, binaries, account, run, template.unpack(cached, account, run.data))
    shutil.rmtree(run.data, ignore_errors=True)
    return _launch(cleanup, binaries, account, run, _unpack_new(binaries, account, run))


def _launch(
    cleanup: ExitStack, binaries: Binaries, account: Account, run: RunDirectory, password: str
) -> tuple[subprocess.Popen[bytes], Address, Address, int]:
    with ExitStack() as on_failure:
        process, port = _start_on_free_port(on_failure, binaries, account, run)
        admin, address, number = _set_passwords(port, password)
        cleanup.push(on_failure.pop_all())
    return process, admin, address, number


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
            on_failure.callback(_stop, process, run)
            run.holds(process.pid)
            if _becomes_ready(process, run):
                cleanup.push(on_failure.pop_all())
                return process, port
        if "Address already in use" not in _tail(run.log):
            break
    raise PostgresError(
        "PostgreSQL did not start.",
        why=f"{binaries.detail} ended, or was not ready within {_READY_WITHIN:.0f} seconds.",
        remedy="Read the end of its log below. Or set --postgres to another version, or --database-url to a "
        "running server.",
        details=_tail(run.log),
    )


def _command(binaries: Binaries, run: RunDirectory, port: int) -> list[str | Path]:
    # Servers from one template have the same system identifier; the cluster's name identifies them.
    settings = [f"cluster_name={run.path.name}"]
    if binaries.major >= trusted_extensions.SINCE:
        settings.append(trusted_extensions.setting(run.data))
    given = [word for setting in settings for word in ("-c", setting)]
    return [binaries.program("postgres"), "-D", run.data, "-p", str(port), *given]


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
            lines = read_regular(run.data / "postmaster.pid").decode(errors="replace").splitlines()
            if len(lines) > 7 and lines[7].strip() == "ready":
                return True
        time.sleep(_POLL)
    return False


def _set_passwords(port: int, bootstrap_password: str) -> tuple[Address, Address, int]:
    """Return the logins of the superuser and of the ordinary role, and the server's version."""
    first = Address(
        host=_HOST,
        port=port,
        user=SUPERUSER,
        password=bootstrap_password,
        parameters=_PARAMETERS,
        is_complete=True,
    )
    admin, ordinary = (replace(first, user=user, password=template.random_password()) for user in (SUPERUSER, ORDINARY))
    with connected(first) as connection, connection.cursor() as cursor:
        for role in (admin, ordinary):
            user, password = sql.Identifier(role.user), sql.Literal(role.password)
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(user, password))
        return admin, ordinary, connection.server_version


def _make_superuser(admin: Address, role: str) -> None:
    with connected(admin) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} SUPERUSER").format(sql.Identifier(role)))


def _how_to_reach(address: Address, pid: int, run: RunDirectory) -> str:
    url = f"postgresql://{address.user}:{address.password}@{address.host}:{address.port}/{address.maintenance_database}"
    return f". Connect with: psql {url} . Stop it with: kill -INT {pid} (the next run deletes {run.path})"


def _stop(process: subprocess.Popen[bytes], run: RunDirectory) -> None:
    # Immediate shutdown: there is nothing to save. A server that was stopped goes on, to see the request.
    for number in (signal.SIGQUIT, signal.SIGKILL):
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_WITHIN)
            run.is_empty()
            return


def _tail(log: Path) -> str:
    try:
        return read_regular(log).decode(errors="replace")[-_LOG_TAIL:]
    except OSError:
        return ""
