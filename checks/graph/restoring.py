"""Write the shell command that restores a version file."""

from __future__ import annotations

import posixpath
import shlex
from collections import Counter

from checks.recording.absent import Absent
from checks.recording.revisions import Changes, Revision
from checks.recording.tree import TreeRecording


def restore(changes: Changes, old_path: str, path: str | None = None) -> str:
    """Return the Git command that restores a file from the merge base, to run at the repository's root.

    The reader's clone may not have that commit, where another one was compared: it is fetched first.

    ``path`` is the file's name now, where it was renamed.
    """
    fetch = f"git fetch origin {shlex.quote(changes.fetched)} && " if changes.fetched else ""
    if path in (None, old_path):
        return f"{fetch}git checkout {changes.merge_base_sha} -- {shlex.quote(old_path)}"
    return f"{fetch}git show {shlex.quote(f'{changes.merge_base_sha}:{old_path}')} > {shlex.quote(path or '')}"


class Folders:
    """Where the version files are, and where those of the merge base were."""

    def __init__(self, recording: TreeRecording) -> None:
        here = {known.id: posixpath.dirname(known.path) for known in recording.graph.revisions}
        fork = () if isinstance(recording.changes, Absent) else recording.changes.fork_graph.revisions
        moved: dict[str, Counter[str]] = {}
        for known in fork:
            if known.id in here:
                moved.setdefault(posixpath.dirname(known.path), Counter())[here[known.id]] += 1
        self._in_use = {*here.values(), *recording.version_locations}
        self._moved = {folder: counts.most_common(1)[0][0] for folder, counts in moved.items()}
        self._location = next(iter(recording.version_locations), None)

    def restored_path(self, revision: Revision) -> str:
        """Return where the file of a removed revision belongs: in the folder where the others of its folder are now."""
        folder, name = posixpath.split(revision.path)
        if folder in self._in_use:
            return revision.path
        place = self._moved.get(folder, self._location)
        return posixpath.join(folder if place is None else place, name)
