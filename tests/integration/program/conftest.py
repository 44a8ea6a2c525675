"""The program as a user runs it: a process of its own, and what it reported."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from action.documents import recording as recording_file
from action.interpreter.which import version_of
from action.sandbox.project_user import ProjectUser
from tests.projects.environments import Requirements, python_of
from tests.unit.reports import bookstore_recordings

ENTRYPOINT = Path(__file__).parents[3] / "entrypoint.py"
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME")
"""What the program gets of our environment: not a developer's DATABASE_URL or virtual environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A run that has ended."""

    code: int
    stdout: str
    stderr: str
    report: dict[str, Any]
    """Empty when none was written."""

    @property
    def outline(self) -> list[str]:
        """Return the whole report but for seconds, versions and prose: a line for everything in it."""
        return [self.report["verdict"], *(line for tree in self.report["trees"] for line in _tree(tree))]

    def check(self, name: str) -> dict[str, Any]:
        """Return the result of one check in the only tree."""
        (tree,) = self.report["trees"]
        (found,) = [check for check in tree["checks"] if check["id"] == name]
        assert isinstance(found, dict)
        return found

    def finding(self, rule: str) -> dict[str, Any]:
        """Return the only finding of a rule."""
        (found,) = [f for t in self.report["trees"] for c in t["checks"] for f in c["findings"] if f["rule"] == rule]
        assert isinstance(found, dict)
        return found

    def reason(self, name: str) -> str:
        """Return the first line of why a check could not run."""
        return str(self.check(name)["reason"]).splitlines()[0]


OF_NEW_REVISIONS = ("downgrade", "loss", "replay")
"""Checks with a module of their own. Elsewhere they are in an outline only where they fail."""


def _tree(tree: dict[str, Any]) -> Iterator[str]:
    yield tree["path"]
    for check in tree["checks"]:
        if check["id"] in OF_NEW_REVISIONS and check["status"] != "failed":
            continue
        yield f"  {check['id']} {check['status']}"
        for finding in check["findings"]:
            yield "    " + _finding(finding)


def _finding(finding: dict[str, Any]) -> str:
    words = [finding["severity"], finding["rule"]]
    words += [str(finding[name]) for name in ("revision", "object") if finding[name]]
    words += [f"{finding['path']}:{finding['line']}"] if finding["path"] else []
    return " ".join(words)


Run = Callable[..., Ran]


def environ(more: dict[str, str]) -> dict[str, str]:
    """Return the environment of a run."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | more


def command(*arguments: str | Path) -> list[str]:
    """Return the command line of a run; a warning of ours is an error."""
    return [sys.executable, "-W", "error", str(ENTRYPOINT), *map(str, arguments)]


def python_for(requirements: Requirements) -> str:
    """Return the interpreter of an environment; skip the test where no Python here can run it."""
    python = python_of(requirements)
    if python is None:
        pytest.skip(f"no Python of {', '.join(requirements.pythons)} on this machine")
    return python


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for another process's doing, and fail after a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not come about within a minute"
        time.sleep(0.01)


@pytest.fixture
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the program to its end."""
    file = tmp_path_factory.mktemp("report") / "report.json"

    def run(path: Path, *arguments: str | Path, **variables: str) -> Ran:
        file.unlink(missing_ok=True)
        done = subprocess.run(
            command(path, "--json", file, *arguments),
            env=environ(variables),
            cwd=path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        report = json.loads(file.read_text()) if file.exists() else {}
        return Ran(code=done.returncode, stdout=done.stdout, stderr=done.stderr, report=report)

    return run


@pytest.fixture
def ordinary_project(shared: Path) -> Path:
    """Make a folder for a project that an ordinary user can reach."""
    made = shared / "project"
    made.mkdir()
    return made


@pytest.fixture
def close() -> Iterator[Callable[[Path, int], None]]:
    """Set the mode that a path has for a user who does not own it, until the end of the test."""
    closed: list[tuple[Path, int]] = []

    def close(path: Path, mode: int) -> None:
        closed.append((path, path.stat().st_mode))
        path.chmod(mode)

    yield close
    for path, mode in reversed(closed):
        path.chmod(mode)


@pytest.fixture
def ordinary(reachable_by: Callable[[int], str], shared: Path) -> Run:
    """Run the program as a user who is not root and has an entry in the password file."""
    user = next((entry for entry in pwd.getpwall() if entry.pw_name in ("games", "nobody")), None)
    root = os.geteuid() == 0
    if root and user is None:
        pytest.skip("there is no ordinary user on this machine")
    uid = user.pw_uid if root and user is not None else None
    python = reachable_by(uid) if uid is not None else sys.executable
    home = shared / "home-of-ordinary"
    home.mkdir()
    home.chmod(0o777)

    def run(path: Path, *arguments: str | Path, cwd: str = "", **variables: str) -> Ran:
        file = home / "report.json"
        file.unlink(missing_ok=True)
        done = subprocess.run(
            [python, "-W", "error", str(ENTRYPOINT), str(path), "--json", str(file), *map(str, arguments)],
            env=environ({"HOME": str(home), "TMPDIR": str(home), "XDG_CACHE_HOME": str(home), **variables}),
            cwd=cwd or path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            user=uid,
            group=uid,
            extra_groups=[] if uid is not None else None,
        )
        report = json.loads(file.read_text()) if file.exists() else {}
        return Ran(code=done.returncode, stdout=done.stdout, stderr=done.stderr, report=report)

    return run


@pytest.fixture
def reachable_by(shared: Path) -> Callable[[int], str]:
    """Return a function that makes a Python with our packages which a user can start."""

    def made(uid: int) -> str:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        user = ProjectUser(name="", uid=uid, gid=uid)
        names = (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3")
        own = next((name for name in names if user.can_run(name) and version_of(name) == version), None)
        if own is None:
            pytest.skip(f"no Python {version} on this machine can be started by another user")
        folder = shared / "python"
        subprocess.run([own, "-I", "-m", "venv", "--without-pip", str(folder)], check=True)
        packages = folder / "lib" / f"python{version}" / "site-packages" / "lent.pth"
        packages.write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
        return str(folder / "bin" / "python")

    return made


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the saved run of a project that has findings: it is judged again in a moment, with exit code 1."""
    folder = tmp_path_factory.mktemp("saved")
    recording_file.save(bookstore_recordings.missing_migration(), folder, folder / "recording.json")
    return folder / "recording.json"
