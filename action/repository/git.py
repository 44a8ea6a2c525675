"""Reads a Git repository through the ``git`` program, and never writes to it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from action.repository.git_files import blocking_file
from action.sandbox.tracked import GIT_OPTIONS

_TIMEOUT = 120.0
"""Seconds for one call; a partial clone may have to fetch objects."""


class GitError(Exception):
    """Git is not installed, or it failed; ``str(error)`` has its message."""

    def __init__(self, message: str, exit_code: int | None = None) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def git(
    repository: Path,
    *arguments: str,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = _TIMEOUT,
) -> bytes:
    """Run Git in a folder and return its output, or raise GitError."""
    blocked = blocking_file(repository)
    if blocked is not None:
        raise GitError(f"{blocked} is not a regular file")
    command = ("git", "-C", str(repository), *GIT_OPTIONS, *arguments)
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment() | dict(env or {}),
            start_new_session=True,  # its child processes, such as git-remote-https, are ended with it
        )
    except FileNotFoundError as error:
        raise GitError("the program git is not installed") from error
    except OSError as error:
        raise GitError(f"the program git cannot be started ({error.strerror})") from error
    output, errors = _communicated(process, stdin or b"", arguments[0], timeout)
    if process.returncode:
        message = errors.decode(errors="replace").strip()
        raise GitError(message or f"git {arguments[0]} exited with code {process.returncode}", process.returncode)
    return output


def _communicated(process: subprocess.Popen[bytes], stdin: bytes, name: str, timeout: float) -> tuple[bytes, bytes]:
    with process:
        try:
            return process.communicate(stdin, timeout)
        except BaseException as error:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise GitError(f"git {name} did not finish within {timeout:g} seconds") from error
            raise


def top(path: Path) -> Path | None:
    """Return the top folder of the work tree that a folder is in; None outside a work tree."""
    try:
        folder = git(path, "rev-parse", "--show-toplevel").removesuffix(b"\n")
    except GitError:
        return None
    return Path(os.fsdecode(folder)) if folder else None


def commit(repository: Path, ref: str) -> str | None:
    """Return the commit of a ref; None for an unknown ref. Raises GitError when Git fails."""
    git(repository, "rev-parse", "--git-dir")
    try:
        name = git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    except GitError:
        return None
    return name.decode().strip()


def merge_base(repository: Path, one: str, other: str, env: Mapping[str, str] | None = None) -> str | None:
    """Return the newest commit of both histories; None when there is none."""
    try:
        return git(repository, "merge-base", one, other, env=env).decode().split()[0]
    except GitError as error:
        if error.exit_code == 1:  # documented: there is no such commit
            return None
        raise


def parents(repository: Path, ref: str) -> tuple[str, ...]:
    """Return the parents that a commit names, also those that a shallow clone does not have."""
    head, _, _ = git(repository, "cat-file", "commit", ref).partition(b"\n\n")
    lines = head.decode(errors="replace").splitlines()
    return tuple(line.removeprefix("parent ") for line in lines if line.startswith("parent "))


def has(repository: Path, sha: str, env: Mapping[str, str] | None = None) -> bool:
    """Return whether a commit is there."""
    return _says_yes(repository, "cat-file", "-e", f"{sha}^{{commit}}", env=env)


def is_ancestor(repository: Path, one: str, other: str) -> bool:
    """Return whether a commit is another one or an ancestor of it, as far as the clone's history reaches."""
    return _says_yes(repository, "merge-base", "--is-ancestor", one, other)


def _says_yes(repository: Path, *arguments: str, env: Mapping[str, str] | None = None) -> bool:
    try:
        git(repository, *arguments, env=env)
    except GitError:
        return False
    return True


def ignored(repository: Path, paths: Iterable[str]) -> frozenset[str]:
    """Return which of the paths Git ignores: untracked ones that a ``.gitignore`` names. None outside a repository."""
    asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
    if not asked:
        return frozenset()
    try:
        named = git(repository, "check-ignore", "--stdin", "-z", stdin=asked)
    except GitError:  # documented: 1 when it ignores none of them
        return frozenset()
    return frozenset(os.fsdecode(path) for path in named.split(b"\0") if path)


def setting(repository: Path, name: str) -> str | None:
    """Return a value of Git's configuration; None where it is not set."""
    try:
        return git(repository, "config", "--get", name).decode(errors="replace").removesuffix("\n")
    except GitError:
        return None


def path_of(repository: Path, name: str) -> Path:
    """Return the path of a part of the repository, such as ``objects``; also in a worktree or submodule."""
    found = git(repository, "rev-parse", "--git-path", name).removesuffix(b"\n")
    return repository / os.fsdecode(found)


def is_shallow(repository: Path) -> bool:
    """Return whether the clone is shallow."""
    return git(repository, "rev-parse", "--is-shallow-repository").strip() == b"true"


def listing(repository: Path, sha: str, folders: Sequence[str], env: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return path and blob of every regular file below folders, which are relative to the repository's root."""
    if not folders:
        return {}
    below = () if "." in folders else folders
    output = git(repository, "ls-tree", "-r", "-z", "--full-tree", sha, "--", *below, env=env)
    entries = (entry.partition(b"\t") for entry in output.split(b"\0") if entry)
    return {os.fsdecode(path): about.split()[2].decode() for about, _, path in entries if about.startswith(b"100")}


def links(repository: Path, sha: str, env: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the path of all that is no regular file at a commit: symbolic links and submodules."""
    output = git(repository, "ls-tree", "-r", "-z", "--full-tree", sha, env=env)
    entries = (entry.partition(b"\t") for entry in output.split(b"\0") if entry)
    return tuple(os.fsdecode(path) for about, _, path in entries if not about.startswith(b"100"))


def blobs(repository: Path, names: Sequence[str], env: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """Return the contents of blobs, read by one process."""
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    asked = "".join(f"{name}\n" for name in wanted).encode()
    output = git(repository, "cat-file", "--batch", stdin=asked, env=env)
    found, position = {}, 0
    for name in wanted:
        end = output.index(b"\n", position)
        header = output[position:end].split()
        if len(header) != 3:
            raise GitError(f"object {name} is missing from the clone")
        start, size = end + 1, int(header[2])
        found[name] = output[start : start + size]
        position = start + size + 1
    return found


def _environment() -> dict[str, str]:
    """Return our environment without variables that name another repository, index or configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_LFS_SKIP_SMUDGE": "1"}
