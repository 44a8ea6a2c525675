"""The hook under pre-commit, under an older Python, and what it imports."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.program.staged import HOOK, VERSIONS, cloned, revision
from tests.projects.environments import Requirements, interpreter, python_of
from tests.readme import REPOSITORY
from tests.repositories import ENV, Repository

PRE_COMMIT = Requirements(packages=("pre-commit==4.*",))
SHIPPED = (".pre-commit-hooks.yaml", "hooks", "action", "checks", "pyproject.toml", "docs/checks")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return cloned(tmp_path)


def test_it_imports_neither_the_other_checks_nor_what_only_a_finding_needs(repository: Repository) -> None:
    """A third of a second is the time of it all, and most of that are imports."""
    command = [sys.executable, "-I", "-S", "-X", "importtime", str(HOOK)]
    done = subprocess.run(command, cwd=repository.root, env=ENV, capture_output=True, text=True, check=True)
    ours = {line.split("|")[2].strip() for line in done.stderr.splitlines() if re.search(r"\| +(action|checks)", line)}
    assert {"checks.heads.check", "checks.history.check"} <= ours
    unwanted = (
        "checks.drift",
        "checks.upgrade",
        "action.reports",
        "action.settings",
        "action.postgres",
        "action.session",
    )
    assert [name for name in ours if name.startswith(unwanted)] == []


def test_an_older_python_looks_for_a_newer_one_and_says_which_it_needs(repository: Repository, tmp_path: Path) -> None:
    older = next((path for name in ("3.10", "3.9") if (path := interpreter(name))), None)
    if older is None:
        pytest.skip("no Python before 3.11 on this machine")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(str(shutil.which("git")))
    repository.files(revision("c", "b") | revision("d", "b"))
    repository.git("add", "--all")

    def run() -> tuple[int, str]:
        env = {**ENV, "PATH": str(tmp_path / "bin")}
        done = subprocess.run(
            [older, str(HOOK)], cwd=repository.root, env=env, capture_output=True, text=True, check=False
        )
        return done.returncode, (done.stdout + done.stderr).splitlines()[0]

    version = subprocess.run([older, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    named = version.rpartition(".")[0]
    assert run() == (1, f"alembic-checks needs Python 3.11 or later, and python3 on PATH is {named}.")
    (tmp_path / "bin" / "python3.11").symlink_to(sys.executable)
    assert run() == (1, f"error  multiple-heads  {VERSIONS}/d.py:3")


def test_pre_commit_runs_it_from_a_repository_at_every_commit(repository: Repository, tmp_path: Path) -> None:
    python = python_of(PRE_COMMIT)
    assert python is not None
    released = Repository(tmp_path / "released")
    for name in SHIPPED:
        copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy2
        (released.root / name).parent.mkdir(parents=True, exist_ok=True)
        copy(REPOSITORY / name, released.root / name)
    released.init()
    sha = released.commit()
    config = f"repos:\n  - repo: {released.root}\n    rev: {sha}\n    hooks:\n      - id: alembic-checks\n"
    repository.files({".pre-commit-config.yaml": config})
    folder = Path(python).parent
    path = os.pathsep.join((str(folder), os.environ["PATH"]))
    env = {**ENV, "PATH": path, "PRE_COMMIT_HOME": str(tmp_path / "home")}

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=repository.root, env=env, capture_output=True, text=True, check=False)

    assert run(str(folder / "pre-commit"), "install").returncode == 0
    repository.files(revision("c", "b") | revision("d", "b"))
    repository.git("add", "--all")
    refused = run("git", "commit", "--message=two heads")
    assert refused.returncode == 1
    assert f"error  multiple-heads  {VERSIONS}/d.py:3\n" in refused.stderr
    assert "- exit code: 1\n" in refused.stderr
    repository.files(revision("d", "c"))
    taken = run("git", "commit", "--all", "--message=one head")  # which makes an index of its own
    assert taken.returncode == 0, taken.stderr
    assert re.search(r"^alembic-checks\.+Passed$", taken.stderr, re.MULTILINE)
    repository.git("rm", "--quiet", f"{VERSIONS}/b.py")
    assert "error  removed-revision" in run("git", "commit", "--message=only a file less").stderr
