"""Write the shell command that restores a version file."""

from __future__ import annotations

import posixpath
import shlex
from collections import Counter

from checks.recording.revisions import Changes, Revision
from checks.recording.tree import TreeRecording


def restore(changes: Changes, old_path: str, path: str | None = None) -> str:
    """Return the Git command that restores a file from the merge base, to run at the repository's root.

    ``path`` is the file's name now, where it was renamed.
    """
    if path in (None, old_path):
        return f"git checkout {changes.merge_base_sha} -- {shlex.quote(old_path)}"
    return f"git show {shlex.quote(f'{changes.merge_base_sha}:{old_path}')} > {shlex.quote(path or '')}"


def restored_path(recording: TreeRecording, changes: Changes, revision: Revision) -> str:
    """Return where the file of a removed revision belongs: in the folder that the others of its folder are in now."""
    folder, name = posixpath.split(revision.path)
    here = {known.id: posixpath.dirname(known.path) for known in recording.graph.revisions}
    if folder in (*here.values(), *recording.version_locations):
        return revision.path
    beside = [known.id for known in changes.fork_graph.revisions if posixpath.dirname(known.path) == folder]
    moved = [place for place, _ in Counter(here[id_] for id_ in beside if id_ in here).most_common(1)]
    places = (*moved, *recording.version_locations, folder)
    return posixpath.join(places[0], name)
