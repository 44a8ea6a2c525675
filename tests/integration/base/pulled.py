"""A pull request on a server, whose base has moved on, and checkouts of it as actions/checkout makes them."""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass
from pathlib import Path

from action.base.interface import Api, Base
from action.base.locate import locate
from action.base.wanted import BaseWanted
from action.project.discovery import find_trees, repository_root
from action.version_files.changes import read_changes
from action.version_files.reading import read_tree_graph
from checks.recording.absent import Absent
from checks.recording.revisions import Changes
from tests.repositories import Repository
from tests.standin_git import GitServer

TOKEN = "ghs_token"
AUTHORIZATION = "basic " + base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
BIG = 300_000
"""Bytes of a file that no change touches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """The commits: main has a <- b, the work adds c to that, main got p, the two are merged, main got m."""

    origin: Repository
    server: GitServer
    branched: str
    """Where the work left main."""
    head: str
    """The work's last commit."""
    merged_with: str
    """Main when the merge commit was made."""
    merge: str
    main: str
    """Main as it is now."""

    @property
    def wanted(self) -> BaseWanted:
        return BaseWanted(ref="main", sha=self.branched, head_sha=self.head, pull_request=7)

    def checkout(self, folder: Path, commit: str, *, depth: int = 0, more: tuple[str, ...] = ()) -> Repository:
        """Check a commit out as actions/checkout does; ``depth`` 0: with all branches and their history."""
        clone = Repository(folder)
        clone.init()
        clone.git("remote", "add", "origin", f"{self.server.url}/acme/shop")
        limits = (f"--depth={depth}",) if depth else ()
        branches = () if depth else ("+refs/heads/*:refs/remotes/origin/*",)
        header = ("-c", f"http.extraheader=AUTHORIZATION: {AUTHORIZATION}")
        wanted = f"+{commit}:refs/remotes/pull/7/merge"
        clone.git(*header, "fetch", "--quiet", "--no-tags", *more, *limits, "origin", *branches, wanted)
        clone.git(*header, "checkout", "--quiet", "--force", commit)
        self.server.log.clear()
        self.server.sent = 0
        return clone


def pulled(server: GitServer, *, object_format: str = "sha1") -> Pulled:
    """Make the repository acme/shop with its pull request on a server."""
    origin = Repository(server.folder / "acme" / "shop")
    origin.git("init", "--quiet", "--initial-branch=main", f"--object-format={object_format}")
    origin.tree()
    origin.revisions("a", "b<-a")
    (origin.root / "big.bin").write_bytes(random.Random(0).randbytes(BIG))
    branched = origin.commit()
    origin.git("checkout", "--quiet", "-b", "work")
    origin.revisions("c<-b")
    head = origin.commit()
    origin.git("checkout", "--quiet", "main")
    origin.revisions("p<-b")
    merged_with = origin.commit()
    origin.git("checkout", "--quiet", "--detach")
    origin.git("merge", "--quiet", "--no-ff", "--message=merge", "work")
    merge = origin.git("rev-parse", "HEAD")
    origin.git("update-ref", "refs/pull/7/merge", merge)
    origin.git("checkout", "--quiet", "main")
    origin.revisions("m<-p")
    return Pulled(
        origin=origin,
        server=server,
        branched=branched,
        head=head,
        merged_with=merged_with,
        merge=merge,
        main=origin.commit(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of looking for a base."""

    base: Base | Absent
    changes: Changes | None
    missing: str | None
    exported: list[str] | None = None
    """The version files of the export."""

    @property
    def revisions(self) -> tuple[set[str], set[str], tuple[str, ...]]:
        """Return those of the base now, those of the merge base, and what is new."""
        assert self.changes is not None, self.missing
        now, fork = self.changes.base_graph, self.changes.fork_graph
        return {r.id for r in now.revisions}, {r.id for r in fork.revisions}, self.changes.new

    @property
    def shas(self) -> tuple[str, str]:
        """Return the commits of the base now and of the merge base."""
        assert not isinstance(self.base, Absent), self.missing
        return self.base.now_sha, self.base.fork_sha

    @property
    def note(self) -> str | None:
        """Return what is not known of the base."""
        assert self.changes is not None, self.missing
        return self.changes.base_note


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """By what the server lets a run in."""

    token: str | None = TOKEN
    client: Api | None = None


ORDINARY = Access()


def find(
    clone: Repository,
    wanted: BaseWanted | None,
    server: str | None,
    *,
    name: str | None = None,
    access: Access = ORDINARY,
    export: Path | None = None,
) -> Found:
    """Look for the base of a checkout and read the changes against it."""
    root = repository_root(clone.root)
    (tree,) = find_trees(root)
    with locate(root, wanted, name=name, client=access.client, token=access.token, server_url=server) as base:
        changes = read_changes(tree, root, base, read_tree_graph(tree, root))
        exported = None
        if export is not None and not isinstance(base, Absent):
            base.export(export, tree)
            exported = sorted(path.name for path in (export / "migrations/versions").iterdir())
        if isinstance(changes, Absent):
            return Found(base=base, changes=None, missing=changes.reason, exported=exported)
        return Found(base=base, changes=changes, missing=None, exported=exported)
