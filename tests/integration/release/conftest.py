"""A repository with a bare remote, as the workflows of a release have it."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from release.__main__ import main
from tests.projects.builder import git


@dataclass(frozen=True, slots=True, kw_only=True)
class Releases:
    """The maintainer's clone, and GitHub's side of it."""

    clone: Path
    remote: Path

    def publish(self, version: str, tag: str = "") -> str:
        """Commit a version, tag it as GitHub does when a release is published, and return the commit."""
        (self.clone / "pyproject.toml").write_text(f'[project]\nname = "alembic-checks"\nversion = "{version}"\n')
        git(self.clone, "commit", "-q", "-a", "-m", f"Version {version}")
        git(self.clone, "push", "-q", "origin", "HEAD", f"HEAD:refs/tags/{tag or f'v{version}'}")
        return git(self.clone, "rev-parse", "HEAD")

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command of a release in a checkout of everything, as a job does; return code, output and errors."""
        checkout = self.clone.parent / "checkout"
        if not checkout.exists():
            git(self.clone.parent, "clone", "-q", str(self.remote), str(checkout))
        git(checkout, "fetch", "-q", "--tags", "--force")
        out, err = io.StringIO(), io.StringIO()
        with contextlib.chdir(checkout), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(arguments)
        return code, out.getvalue(), err.getvalue()

    def outputs(self, *arguments: str) -> Mapping[str, str]:
        """Run a command that succeeds and return its outputs."""
        code, out, err = self.run(*arguments)
        assert code == 0, err
        return dict(line.split("=", 1) for line in out.splitlines())

    def tags(self) -> dict[str, str]:
        """Return where the tags of the remote lead."""
        lines = git(self.remote, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/tags").splitlines()
        return dict(line.split(" ") for line in lines)

    def show(self, tag: str, path: str) -> str:
        """Return a file as a tag has it on the remote."""
        return git(self.remote, "show", f"{tag}:{path}")


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    """Return a repository with an action, a workflow and no release."""
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote.git")
    git(tmp_path, "clone", "-q", "remote.git", "clone")
    made = Releases(clone=tmp_path / "clone", remote=tmp_path / "remote.git")
    (made.clone / ".github" / "workflows").mkdir(parents=True)
    files = {
        "action.yml": "runs:\n  using: docker\n  image: Dockerfile\n",
        "pyproject.toml": "",
        ".github/workflows/ci.yml": "on: push\n",
        ".github/workflows/migrations.yml": "on: workflow_call\n",
        "checks.txt": "The code.\n",
    }
    for name, text in files.items():
        (made.clone / name).write_text(text)
    git(made.clone, "add", "-A")
    git(made.clone, "commit", "-q", "-m", "All")
    return made
