"""What a commit will have: the files in Git's index, whatever the work tree holds."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from action.project.alembic_tree import Tree, is_version_path, locations_below
from action.repository import git
from action.version_files.listing import VersionFiles

_RELEVANT = (".py", ".ini", ".cfg", ".toml")
"""Ends of the names of files that can change the revision graph, or what is said of it."""


def index_of_commit(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variable that names the index: `git commit -a` and `git commit FILE` make another one than usual."""
    name = "GIT_INDEX_FILE"
    return {name: environ[name]} if name in environ else {}


def may_matter(root: Path, env: Mapping[str, str]) -> bool:
    """Return whether what is staged can change the revision graph; also where nothing is staged, as in a run on all."""
    staged = git.git(root, "diff", "--cached", "--name-only", "--no-renames", "-z", env=env).split(b"\0")
    names = [os.fsdecode(name) for name in staged if name]
    return not names or any(name.endswith(_RELEVANT) for name in names)


def staged_version_files(tree: Tree, root: Path, env: Mapping[str, str]) -> VersionFiles:
    """Return the version files of a tree as they are staged."""
    listed = _listed(root, locations_below(tree, root), env)
    wanted = {path: blob for path, blob in listed.items() if is_version_path(path, tree, root)}
    contents = git.blobs(root, tuple(wanted.values()), env)
    return VersionFiles(contents=tuple((path, contents[blob]) for path, blob in wanted.items()), unread=())


def _listed(root: Path, folders: Sequence[str], env: Mapping[str, str]) -> dict[str, str]:
    """Return path and blob of each regular file below folders; none of a conflict, which cannot be committed."""
    if not folders:
        return {}
    output = git.git(root, "ls-files", "--stage", "-z", "--", *folders, env={**env, "GIT_LITERAL_PATHSPECS": "1"})
    entries = (entry.partition(b"\t") for entry in output.split(b"\0") if entry)
    return {
        os.fsdecode(path): about.split()[1].decode()
        for about, _, path in entries
        if about.startswith(b"100") and about.endswith(b" 0")
    }
