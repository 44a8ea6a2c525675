"""The data directory that servers start from: created once by initdb, kept as an archive, unpacked by each run.

initdb takes half a second, unpacking some hundredths.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import string
import sys
import tarfile
import tempfile
from pathlib import Path

from action.errors import PostgresError
from action.postgres.servers import trusted_extensions, tuning
from action.postgres.servers.account import Account
from action.postgres.servers.binaries import Binaries
from action.postgres.servers.ordinary_role import SELF_GRANT, SELF_GRANT_SINCE, SUPERUSER, statements
from action.postgres.servers.unfinished import MAKING, remove_unfinished
from action.repository.regular import opened, read_regular
from action.sandbox.looking import is_file

CACHE_VARIABLE = "ALEMBIC_CHECKS_TEMPLATE_DIR"
_NAMELESS = "could not look up effective user ID"
_PASSWORD_FILE = "bootstrap-password"
_LARGEST = 1 << 30
"""Bytes of an archive; one has 40 MB."""

# No socket and no other line: every login needs the password, from the start.
_HBA = "host all all 127.0.0.1/32 scram-sha-256\n"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "logging_collector": "off",
    "log_timezone": "UTC",
    **tuning.THROWAWAY,
}
_SINCE = {
    15: {"log_checkpoints": "off", "log_startup_progress_interval": "0"},
    SELF_GRANT_SINCE: {"createrole_self_grant": SELF_GRANT},
    18: {"io_method": "sync"},
}


def random_password() -> str:
    """Return a password of letters and digits; a ``%`` or ``@`` breaks many env.py files."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(32))


def cached_archive(binaries: Binaries) -> Path:
    """Return the path of the archive for this PostgreSQL and these settings, whether or not it exists."""
    key = hashlib.sha256(
        repr(
            (
                binaries.version_text,
                str(binaries.directory),
                _initdb_options(binaries.major),
                _conf(binaries.major),
                _HBA,
                tuple(statements(binaries.major)),
                trusted_extensions.NOT_TRUSTED,
            )
        ).encode()
    ).hexdigest()[:16]
    return _cache_directory() / f"postgres-{binaries.major}-{key}.tar"


def _cache_directory() -> Path:
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen)
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - Path raises without a home
    return Path(cache) / "alembic-checks" / "templates"


def make_archive(binaries: Binaries, account: Account, private: Path) -> Path:
    """Run initdb, create the ordinary role and return an archive, in the cache or, if not writable, in ``private``.

    Raises PostgresError when that fails.
    """
    data = private / "initdb"
    data.mkdir(mode=0o700)
    account.own(data)
    _initdb(binaries, account, data, private / "initdb-password")
    _create_roles(binaries, account, data, private / "roles.sql")
    with (data / "postgresql.conf").open("a") as conf:
        conf.write(_conf(binaries.major))
    (data / "pg_hba.conf").write_text(_HBA)
    wanted = cached_archive(binaries)
    try:
        wanted.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _pack(data, wanted)
    except OSError:
        return _pack(data, private / "template.tar")


def _initdb(binaries: Binaries, account: Account, data: Path, password_file: Path) -> None:
    password = random_password()
    password_file.touch(mode=0o600)
    account.own(password_file)
    password_file.write_text(password)
    ran = account.run(
        [
            binaries.program("initdb"),
            "-D",
            data,
            f"--pwfile={password_file}",
            *_initdb_options(binaries.major),
        ]
    )
    password_file.unlink()
    if ran.returncode != 0 and _NAMELESS in ran.stdout:
        raise PostgresError(
            f"PostgreSQL could not be started: the user {os.geteuid()} has no name.",
            why="initdb looks its user up in /etc/passwd, and does not run without an entry.",
            remedy="Run as a user with an entry there, or set --database-url to a running server.",
            details=ran.stdout,
        )
    if ran.returncode != 0:
        raise PostgresError(
            "PostgreSQL could not be started: initdb failed.",
            why=f"initdb of {binaries.detail} exited with code {ran.returncode}.",
            remedy="Read its output below. Or set --postgres to another version, or --database-url to a "
            "running server.",
            details=ran.stdout,
        )
    (data / _PASSWORD_FILE).write_text(password)


def _create_roles(binaries: Binaries, account: Account, data: Path, script: Path) -> None:
    # Without a server: its single-user mode takes a statement a line. -O allows changes of catalogs, -F saves fsync.
    lines = [*statements(binaries.major), trusted_extensions.ASKS_WHERE]
    script.write_text("".join(f"{line}\n" for line in lines))
    with script.open("rb") as stdin:
        options = ["--single", "-O", "-F", "-c", "exit_on_error=on", "-D"]
        ran = account.run([binaries.program("postgres"), *options, data, "template1"], stdin=stdin)
    script.unlink()
    if ran.returncode == 0 and binaries.major >= trusted_extensions.SINCE:
        trusted_extensions.mark(data, ran.stdout)
    if ran.returncode != 0:
        raise PostgresError(
            "PostgreSQL could not be started: the role for the migrations was not created.",
            why=f"{binaries.detail} exited with code {ran.returncode} in single-user mode.",
            remedy="Read its output below. Or set --postgres to another version, or --database-url to a "
            "running server.",
            details=ran.stdout,
        )


def _initdb_options(major: int) -> list[str]:
    # macOS has no C.UTF-8.
    locale = "C" if sys.platform == "darwin" else "C.UTF-8"
    options = [
        "--no-sync",
        "--username",
        SUPERUSER,
        "--encoding=UTF8",
        f"--locale={locale}",
        "--auth=scram-sha-256",
    ]
    if major >= 11:
        options.append("--wal-segsize=1")  # 15 MB less to unpack
    if major >= 14:
        options.append("--no-instructions")
    return options


def _conf(major: int) -> str:
    settings = dict(_SETTINGS)
    for since, more in _SINCE.items():
        if major >= since:
            settings.update(more)
    return "".join(f"{name} = '{value}'\n" for name, value in settings.items())


def _pack(data: Path, archive: Path) -> Path:
    # Written next to its final path and then moved: of two runs at once, each leaves a whole archive.
    remove_unfinished(archive.parent)
    descriptor, name = tempfile.mkstemp(dir=archive.parent, prefix=MAKING)
    try:
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
            for path in sorted(data.iterdir()):
                tar.add(path, arcname=path.name)
        return Path(name).replace(archive)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _tar() -> str:
    # PATH may be empty, or lead elsewhere.
    return shutil.which("tar") or shutil.which("tar", path=os.defpath) or "tar"


def unpack(archive: Path, account: Account, data: Path) -> str:
    """Unpack the archive into ``data`` and return the first password of its superuser.

    Raises PostgresError when the archive is damaged, OSError when it cannot be read.
    """
    data.mkdir(mode=0o700)
    account.own(data)
    # tar is fastest, and run as the server's user it needs no chown of a thousand files.
    with opened(archive, most=_LARGEST) as file:
        ran = account.run([_tar(), "-xf", "-", "-C", data], stdin=file)
    password = data / _PASSWORD_FILE
    if ran.returncode != 0 or not is_file(password):
        raise PostgresError("The data directory could not be unpacked.", why=str(archive), details=ran.stdout)
    secret = read_regular(password).decode()
    password.unlink()
    return secret
