"""Write the shell command that restores a version file."""

from __future__ import annotations

import shlex

from checks.recording.revisions import Changes


def restore(changes: Changes, old_path: str, path: str | None = None) -> str:
    """Return the Git command that restores a file from the merge base, to run at the repository's root.

    ``path`` is the file's name now, where it was renamed.
    """
    if path in (None, old_path):
        return f"git checkout {changes.merge_base_sha} -- {shlex.quote(old_path)}"
    return f"git show {shlex.quote(f'{changes.merge_base_sha}:{old_path}')} > {shlex.quote(path or '')}"
