"""The commit where the branch left the default branch: what others have is not to be edited any more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from action.base.from_git import GitBase
from action.errors import SettingsError
from action.repository import git
from action.sandbox.looking import is_file
from checks.recording.absent import Absent

_LOCAL = ("refs/heads/main", "refs/heads/master")
_REMOTE = ("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master")
_UNKNOWN = "The default branch is not known here, so edits of merged revisions are not looked for."


def base_of(root: Path, git_dir: Path, given: str | None) -> GitBase | Absent:
    """Return what the staged files are compared with: the commit that they and the default branch have in common.

    ``given`` is the name of another branch. What the default branch got since is left to the check of the pull request:
    to update the branch, its own work has to be committed first. Raises SettingsError for an unknown name.
    """
    ours = ("HEAD", *(["MERGE_HEAD"] if is_file(git_dir / "MERGE_HEAD") else []))
    for name, sha in [_given(root, given)] if given else _default_branches(root):
        try:
            # Of several commits, Git takes their merge: a merge of the default branch brings all that it has.
            fork = git.git(root, "merge-base", sha, *ours).decode().split()[0]
        except git.GitError:
            continue  # no commit yet, none in common, or a shallow clone
        return GitBase(name=name, now_sha=fork, fork_sha=fork, root=root)
    return Absent(reason=_UNKNOWN)


def _given(root: Path, name: str) -> tuple[str, str]:
    for known in (f"origin/{name}", name):  # as it was last fetched, rather than a local branch of that name
        sha = git.commit(root, known)
        if sha is not None:
            return known, sha
    raise SettingsError(f"The base {name} is not in the repository.", remedy="Fetch it, or change --base.")


def _default_branches(root: Path) -> Iterator[tuple[str, str]]:
    """Yield name and commit of what may be the default branch, the surest first."""
    form = "--format=%(refname)%09%(objectname)%09%(HEAD)%09%(symref)"
    lines = git.git(root, "for-each-ref", form, *_REMOTE, *_LOCAL).decode(errors="replace").splitlines()
    found = {fields[0]: fields for fields in (line.split("\t") for line in lines)}
    # On the default branch itself, without a remote, nobody else has its commits.
    is_ours = any(found[name][2] == "*" for name in _LOCAL if name in found)
    for name in (*_REMOTE, *(() if is_ours else _LOCAL)):
        if name in found:
            _, sha, _, target = found[name]
            yield (target or name).removeprefix("refs/remotes/").removeprefix("refs/heads/"), sha
