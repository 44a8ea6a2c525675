"""The program as a user runs it: a process of its own, and what it reported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from action.documents import recording as recording_file
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


def _tree(tree: dict[str, Any]) -> Iterator[str]:
    yield tree["path"]
    for check in tree["checks"]:
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


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the saved run of a project that has findings: it is judged again in a moment, with exit code 1."""
    folder = tmp_path_factory.mktemp("saved")
    recording_file.save(bookstore_recordings.missing_migration(), folder, folder / "recording.json")
    return folder / "recording.json"
