"""How long a revision id can be: as long as the column of the version table is wide."""

from __future__ import annotations

import re

from checks.recording.legs import Failure
from checks.recording.tree import TreeRecording

WIDTH = 32
"""Characters of ``version_num``, as Alembic creates the version table."""
TOO_LONG = "22001"
"""SQLSTATE of a value that is too long for its column."""
_LENGTH = re.compile(r"\((\d+)\)")


def is_refused(failure: Failure) -> bool:
    """Return whether the server refused to store the id of a revision, rather than a value of its own statements."""
    own = failure.statement is None and failure.revision is not None and len(failure.revision) > WIDTH
    return own and failure.sqlstate == TOO_LONG


def column_width(recording: TreeRecording) -> int | None:
    """Return how many characters the column holds, as a server showed it or as Alembic makes it; None: no limit."""
    seen = [leg.failure.message for leg in recording.legs if leg.failure is not None and is_refused(leg.failure)]
    seen += [leg.version_column for leg in recording.legs if leg.version_column is not None]
    if not seen:
        return WIDTH
    length = _LENGTH.search(seen[0])
    return int(length[1]) if length else None


def column_name(recording: TreeRecording) -> str:
    """Return the column with its table."""
    environment = recording.environment
    return f"{environment.version_table if environment else 'alembic_version'}.version_num"
