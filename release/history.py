"""A repository's releases: the commits that tags lead to, and the commit that is made for a release."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from release.mistakes import Mistake
from release.numbers import Number, can_become, of_project, of_tag, with_number

_PULLED = re.compile(r"^  image: docker://(\S+)$", re.MULTILINE)
_MAJOR = re.compile(r"v\d+")
_WORKFLOWS = ".github/workflows"
_CALLED_BY_OTHERS = ".github/workflows/migrations.yml"
"""It runs `@v1` wherever it stands, so the one of the default branch is right at every tag."""
_BOT = ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What a tag leads to."""

    number: Number
    commit: str
    source: str
    """The commit whose code it is: the parent of a release commit, else the commit itself."""
    image: str
    """Name and digest of the image that action.yml names, or empty where it names the Dockerfile."""


class Repository:
    """A checkout with all of its tags."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def git(self, *arguments: str, text: str | None = None, environ: Mapping[str, str] | None = None) -> str:
        """Run git and return what it prints. Raises Mistake with what it says."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            env={**os.environ, **(environ or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise Mistake(f"git {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout.removesuffix("\n")

    def at(self, ref: str) -> Released:
        """Return what a tag or a commit is."""
        commit = self.git("rev-parse", "--verify", f"{ref}^{{commit}}")
        found = _PULLED.search(self.git("show", f"{commit}:action.yml"))
        return Released(
            number=of_project(self.git("show", f"{commit}:pyproject.toml")),
            commit=commit,
            source=self.git("rev-parse", "--verify", f"{commit}^1") if found else commit,
            image=found[1] if found else "",
        )

    def tags(self, pattern: str) -> list[str]:
        """Return the names of the tags that fit a pattern."""
        return self.git("tag", "--list", pattern).splitlines()

    def of(self, tag: str) -> Released:
        """Return what the tag of a release leads to. Raises Mistake where the code has another version."""
        found, number = self.at(f"refs/tags/{tag}"), of_tag(tag)
        if not can_become(self.git("show", f"{found.commit}:pyproject.toml"), number):
            raise Mistake(
                f"{tag} leads to version {found.number}: set `version` in pyproject.toml and tag that commit."
            )
        return replace(found, number=number)

    def newest(self) -> Released | None:
        """Return the newest release that is no pre-release, or None: no moving tag leads to a pre-release."""
        found = [self.at(f"refs/tags/{tag}") for tag in self.tags("v*") if _MAJOR.fullmatch(tag)]
        return max(found, key=lambda released: released.number.order, default=None)

    def commit(self, source: str, number: Number, manifest: str, branch: str) -> str:
        """Make the commit of a release, with action.yml as given, and return its id.

        GitHub lets the token of a job push a tag only where a branch has the workflows of its commit. So this one has
        none, but for that which others call: as the default ``branch`` has it.
        """
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self.git("read-tree", source, environ=index)
            self.git("rm", "-r", "-f", "-q", "--cached", "--ignore-unmatch", _WORKFLOWS, environ=index)
            pyproject = with_number(self.git("show", f"{source}:pyproject.toml") + "\n", number)
            blobs = {"action.yml": self._stored(manifest), "pyproject.toml": self._stored(pyproject)}
            called = self.git("ls-tree", "--object-only", branch, "--", _CALLED_BY_OTHERS)
            for path, blob in (blobs | ({_CALLED_BY_OTHERS: called} if called else {})).items():
                self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", environ=index)
            tree = self.git("write-tree", environ=index)
        when = self.git("show", "--no-patch", "--format=%cI", source)
        people = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in zip(("NAME", "EMAIL", "DATE"), (*_BOT, when), strict=True)
        }
        return self.git("commit-tree", tree, "-p", source, "-m", f"Release {number}", environ=people)

    def _stored(self, text: str) -> str:
        return self.git("hash-object", "-w", "--stdin", text=text)
