"""Fetches commits into a separate repository; the checkout itself is not changed.

``git fetch --depth=1`` in the checkout would cut off its history for later steps, and leave files of root's in it. The
separate repository borrows the checkout's objects, so that only missing ones are fetched.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from action.base.origin import Origin
from action.repository import git
from action.repository.git import GitError
from action.sandbox.looking import is_file, resolved

_REFS = "refs/alembic-checks/"
_CONFIG = (
    ("credential.helper", ""),
    ("core.askPass", ""),
    ("protocol.allow", "never"),
    ("protocol.http.allow", "always"),
    ("protocol.https.allow", "always"),
    # Every request has the token, so none may be redirected to another host.
    ("http.followRedirects", "false"),
    ("http.lowSpeedLimit", "1"),
    ("http.lowSpeedTime", "60"),
    # Unpacked objects that the checkout has too would get a new date there.
    ("fetch.unpackLimit", "1"),
    ("fetch.recurseSubmodules", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A bare repository that also has the checkout's objects."""

    root: Path
    """The checkout."""
    folder: Path
    origin: Origin

    @classmethod
    def of(cls, root: Path, folder: Path, origin: Origin) -> Beside:
        """Create it in an empty folder. Raises GitError."""
        ours = cls(root=root, folder=folder, origin=origin)
        ours._init(folder / "base.git")
        objects = ours.folder / "base.git" / "objects"
        (objects / "info" / "alternates").write_bytes(os.fsencode(resolved(git.path_of(root, "objects"))) + b"\n")
        cut_off = git.path_of(root, "shallow")
        if is_file(cut_off):
            shutil.copyfile(cut_off, folder / "base.git" / "shallow")
        if git.setting(root, "extensions.partialClone") or git.setting(root, "remote.origin.promisor"):
            ours._git("config", "extensions.partialClone", "origin")
        # The server reads from this ref which commits we have.
        ours._git("update-ref", f"{_REFS}checkout", git.git(root, "rev-parse", "HEAD").decode().strip())
        return ours

    @property
    def env(self) -> Mapping[str, str]:
        """Return the environment variables that make Git use it; the token is in no command line and no file."""
        return self._env("base.git")

    def fetch(self, sources: Mapping[str, str], *, whole: bool) -> None:
        """Fetch refs or commits from the server, each to a ref of ours; ``whole``: with their history.

        Raises GitError, also where the checkout was not cloned from the server.
        """
        self._source()
        depth = () if whole else ("--depth=1",)
        refspecs = [f"+{source}:{_REFS}{name}" for name, source in sources.items()]
        self._git("fetch", "--quiet", "--no-tags", *depth, "origin", *refspecs)

    def commit(self, name: str) -> str:
        """Return the commit that ``fetch`` stored under a name. Raises GitError."""
        return self._git("rev-parse", "--verify", "--quiet", f"{_REFS}{name}^{{commit}}")

    def has(self, sha: str) -> bool:
        """Return whether a commit is there."""
        return git.has(self.root, sha, self.env)

    def merge_base(self, one: str, other: str) -> str | None:
        """Return the newest commit of both histories; None when there is none. Raises GitError."""
        return git.merge_base(self.root, one, other, self.env)

    def merge_base_of_histories(self, source: str, head: str) -> str | None:
        """Return the same for two commits of the server, fetching only commits, not files. Raises GitError."""
        self._init(self.folder / "history.git")
        env = self._env("history.git")
        url = self._source()
        git.git(self.root, "config", "remote.origin.url", url, env=env)
        refspecs = (f"+{source}:{_REFS}now", f"+{head}:{_REFS}head")
        git.git(self.root, "fetch", "--quiet", "--no-tags", "--filter=tree:0", "origin", *refspecs, env=env)
        return git.merge_base(self.root, f"{_REFS}now", f"{_REFS}head", env)

    def _init(self, path: Path) -> None:
        kind = git.git(self.root, "rev-parse", "--show-object-format").decode().strip()
        git.git(self.root, "init", "--quiet", "--bare", "--template=", f"--object-format={kind}", str(path))

    def _source(self) -> str:
        remote = git.setting(self.root, "remote.origin.url")
        url = self.origin.source(remote) if remote else None
        if url is None:
            raise GitError(f"the checkout was not cloned from {self.origin.address}")
        self._git("config", "remote.origin.url", url)
        return url

    def _git(self, *arguments: str) -> str:
        return git.git(self.root, *arguments, env=self.env).decode().strip()

    def _env(self, name: str) -> dict[str, str]:
        config = (*_CONFIG, *self.origin.config())
        keys = {f"GIT_CONFIG_KEY_{number}": key for number, (key, _) in enumerate(config)}
        values = {f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in enumerate(config)}
        named = {"GIT_DIR": str(self.folder / name), "GIT_CONFIG_COUNT": str(len(config))}
        return {**keys, **values, **named}
