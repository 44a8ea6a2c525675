"""Finds the base of a GitHub event, first the exact way, then by fallbacks with a note on what is not known.

1. Fetch from the server: the branch as it is now and, in a shallow clone, the commit that the pull request started
   from. The merge commit, the API or the fetched histories name that commit.
2. Without a server, take the branch as the clone has it, or the first parent of the merge commit.
3. Without these, take the checked-out files and undo GitHub's patches of the pull request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from action.base.fetch import Beside
from action.base.from_git import GitBase
from action.base.from_patches import RebuiltBase
from action.base.interface import Api, ApiError, Base
from action.base.origin import Origin
from action.base.wanted import BaseWanted
from action.errors import SettingsError
from action.repository import git
from action.repository.git import GitError
from action.sandbox.looking import exists
from checks.recording.absent import Absent

_T = TypeVar("_T")
_NO_REPOSITORY = "the project is not in a Git repository. Set `path` to the `path` of actions/checkout"


def search(
    root: Path, folder: Path, wanted: BaseWanted, branch: str, origin: Origin, client: Api | None
) -> Base | Absent:
    """Return the base; ``branch`` is its name on the server, ``folder`` an empty folder of ours.

    Raises SettingsError only where another commit than the pull request's is checked out.
    """
    try:
        head = git.git(root, "rev-parse", "--verify", "HEAD^{commit}").decode().strip()
        return _Search(
            root=root,
            wanted=wanted,
            branch=branch,
            client=client,
            head=head,
            parents=git.parents(root, head),
            is_shallow=git.is_shallow(root),
            ours=Beside.of(root, folder, origin),
        ).located()
    except GitError as error:
        return _none(wanted, _message(error) if exists(root / ".git") else _NO_REPOSITORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """The checked-out commit, and the base that is wanted for it."""

    root: Path
    wanted: BaseWanted
    branch: str
    client: Api | None
    head: str
    """The commit that is checked out."""
    parents: tuple[str, ...]
    is_shallow: bool
    ours: Beside

    def located(self) -> Base | Absent:
        head_sha = self.wanted.head_sha
        if head_sha is not None and not self._comes_from(head_sha):
            raise _not_the_pull_request(self.head, head_sha)
        return self._merged_into() if self.wanted.moving else self._replaced()

    def _comes_from(self, head_sha: str) -> bool:
        """Return whether the head is checked out, or its merge commit, or a commit after the head."""
        return head_sha in (self.head, *self.parents) or git.is_ancestor(self.root, head_sha, self.head)

    def _replaced(self) -> Base | Absent:
        sha = self.wanted.sha
        if sha is None:
            return _none(self.wanted, "the event does not name its commit")
        if not self.ours.has(sha):
            self.ours.fetch({"now": sha}, whole=False)
        return self._git_base(sha, sha)

    def _merged_into(self) -> Base | Absent:
        fork = self._named_fork()
        try:
            if fork is None and self.is_shallow:
                fork = self._asked_fork()
                if fork is None:
                    return self._without_fork()
            absent = {} if fork is None or self.ours.has(fork) else {"fork": fork}
            self.ours.fetch({"now": self.branch, **absent}, whole=not self.is_shallow)
            now = self.ours.commit("now")
            fork = fork or self.ours.merge_base(now, self.head)
        except GitError as error:
            return self._unfetched(fork, _message(error))
        return self._git_base(now, fork) if fork is not None else self._without_fork()

    def _named_fork(self) -> str | None:
        """Return the first parent of the merge commit: the base when the head was merged into it."""
        merged = len(self.parents) == 2 and self.parents[1] == self.wanted.head_sha
        return self.parents[0] if merged else None

    def _asked_fork(self) -> str | None:
        """Return the commit shared with the base, which a shallow clone does not have; None when there is none."""
        head = self.wanted.head_sha or self.head
        if self.client is not None:
            client, branch = self.client, self.branch.removeprefix("refs/heads/")
            found = _asked(lambda: client.merge_base(branch, head))
            if not isinstance(found, Absent) and found is not None:
                return found
        return self.ours.merge_base_of_histories(self.branch, head)

    def _without_fork(self) -> Absent:
        return _none(self.wanted, f"it has no commit in common with the checked-out commit {self.head[:10]}")

    def _unfetched(self, fork: str | None, why: str) -> Base | Absent:
        """Return the base from the clone, from the merge commit, or rebuilt from patches."""
        ref = self.wanted.ref
        cloned = git.commit(self.root, f"refs/remotes/origin/{self.branch.removeprefix('refs/heads/')}")
        if cloned is not None:
            shared = self.ours.merge_base(cloned, self.head)
            if shared is not None:
                note = f"{ref} could not be fetched, so the state of the clone was used. {why}."
                return self._git_base(cloned, shared, note)
        if fork is not None and self.ours.has(fork):
            return self._git_base(fork, fork, f"{ref} could not be fetched, so its commit {fork[:10]} was used. {why}.")
        return self._rebuilt(fork or self.wanted.sha, why)

    def _rebuilt(self, fork: str | None, why: str) -> Base | Absent:
        ref, number, client = self.wanted.ref, self.wanted.pull_request, self.client
        if number is None or client is None or fork is None:
            return _none(self.wanted, why)
        changed = _asked(lambda: client.pull_files(number))
        if isinstance(changed, Absent):
            return _none(self.wanted, f"{why}. GitHub's API did not help: {changed.reason}")
        note = f"{ref} could not be fetched, so it was rebuilt from GitHub's patches, without later commits. {why}."
        if not changed:
            return _none(self.wanted, f"{why}. GitHub's API did not help: it lists no file of the pull request")
        return RebuiltBase(
            name=ref, fork_sha=fork, note=note, root=self.root, head_sha=self.head, changed=tuple(changed)
        )

    def _git_base(self, now: str, fork: str, note: str | None = None) -> GitBase:
        name, env = self.wanted.ref, self.ours.env
        fetched = self.branch.removeprefix("refs/heads/") if self.wanted.moving else fork
        return GitBase(name=name, now_sha=now, fork_sha=fork, fetched=fetched, note=note, root=self.root, env=env)


def _not_the_pull_request(head: str, head_sha: str) -> SettingsError:
    """Return the error: results would be shown on the pull request, but be about another commit."""
    return SettingsError(
        "The checked-out commit does not belong to the pull request.",
        why=f"{head[:10]} is checked out, and does not contain the head {head_sha[:10]} of the pull request. Under "
        "pull_request_target, actions/checkout checks out the base by default.",
        remedy="Set `ref: ${{ github.event.pull_request.head.sha }}` of actions/checkout.",
    )


def _asked(ask: Callable[[], _T]) -> _T | Absent:
    """Return GitHub's answer."""
    try:
        return ask()
    except ApiError as error:
        return Absent(reason=str(error))


def _none(wanted: BaseWanted, why: str) -> Absent:
    return Absent(reason=f"The base {wanted.ref} was not found: {why.rstrip('.')}.")


def _message(error: GitError) -> str:
    if "could not read Username" in str(error) or "Authentication failed" in str(error):
        return "the token may not read the repository. Add `contents: read` to the permissions of the job"
    return "Git says: " + "; ".join(line.strip() for line in str(error).splitlines() if line.strip()).rstrip(".")
