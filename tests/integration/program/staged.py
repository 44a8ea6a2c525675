"""A clone to commit in, and the hook for pre-commit as a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.readme import REPOSITORY
from tests.repositories import ENV, Repository

HOOK = REPOSITORY / "hooks" / "pre_commit.py"
VERSIONS = "migrations/versions"
CODE = "def upgrade():\n    op.execute({!r})\n"


def revision(id_: str, parent: str | None, sql: str = "SELECT 1") -> dict[str, str]:
    text = f"from alembic import op\nrevision = {id_!r}\ndown_revision = {parent!r}\n{CODE.format(sql)}"
    return {f"{VERSIONS}/{id_[:8]}.py": text}


def hook(repository: Repository, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run it without any installed package: `-S` takes them away, and `-I` what the environment adds."""
    command = [sys.executable, "-I", "-S", str(HOOK), *arguments]
    return subprocess.run(command, cwd=repository.root, env=ENV | environ, capture_output=True, text=True, check=False)


def headers(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the first line of each finding."""
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if re.match(r"(error|warning)  ", line)]


def cloned(tmp_path: Path) -> Repository:
    """Return a clone whose branch `work` left `origin/main`, which has the revisions a and b."""
    origin = Repository(tmp_path / "origin")
    origin.tree()
    origin.files(revision("a", None) | revision("b", "a"))
    origin.init()
    origin.commit()
    subprocess.run(["git", "clone", "-q", origin.root, tmp_path / "clone"], env=ENV, check=True)
    clone = Repository(tmp_path / "clone")
    clone.git("checkout", "--quiet", "-b", "work")
    return clone
