"""What to do about a version file, or a folder of them, that could not be read."""

from __future__ import annotations

import shlex

from checks.recording.revisions import Unreadable, UnreadKind

_LITERALS = "Fix the file, or write `revision` and `down_revision` as literals."
_REMEDIES = {
    None: _LITERALS,
    UnreadKind.DENIED: "Give the user who runs the check the right to read it: chmod a+r {path}",
    UnreadKind.FOLDER: "Make it a folder that the user who runs the check may list and enter: chmod a+rx {path}",
    UnreadKind.SPECIAL: "Remove it, or replace it by an ordinary version file.",
    UnreadKind.OUTSIDE: _LITERALS,
    UnreadKind.BROKEN: "Remove it, or replace it by an ordinary version file.",
}


def unread_remedy(file: Unreadable) -> str:
    """Return the remedy, in a sentence or with a command at its end."""
    return _REMEDIES[file.unread].format(path=shlex.quote(file.path))
