"""Writes the commands that bring a version file back as the base has it."""

from __future__ import annotations

import shlex

from checks.recording.revisions import Changes


def restore(changes: Changes, old_path: str, path: str | None = None) -> str:
    """Return the command, from the repository's root, that brings a file back; to ``path`` where it was renamed."""
    if path in (None, old_path):
        return f"git checkout {changes.merge_base_sha} -- {shlex.quote(old_path)}"
    return f"git show {shlex.quote(f'{changes.merge_base_sha}:{old_path}')} > {shlex.quote(path or '')}"
