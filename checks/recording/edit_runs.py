"""What came of running an edited revision as it was and as it is now, each on a copy of the same database."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from checks.recording.schema import ObjectChange


class Sameness(enum.StrEnum):
    """Whether the old and the new code of a revision were seen to do the same."""

    SAME_STATEMENTS = "same-statements"
    """Both sent the same statements."""
    SAME_RESULT = "same-result"
    """They sent different statements, and the same schema and the same rows came of it."""
    DIFFERENT = "different"
    UNDECIDED = "undecided"
    """Both ran, and what was seen proves nothing for a database with rows."""
    NEVER_RAN = "never-ran"
    """The old code fails on every database, so none can have run it."""
    NOT_RUN = "not-run"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRun:
    """The two runs of one part of an edited revision."""

    revision: str
    part: str
    """``upgrade`` or ``downgrade``."""
    sameness: Sameness
    statements: int = 0
    """How many statements the new code sent, without queries of the catalog."""
    differences: tuple[ObjectChange, ...] = ()
    """Before: what came of the old code. After: of the new code."""
    rows: tuple[str, ...] = ()
    """The tables that hold other rows, such as ``public.book``."""
    sent: str = ""
    """The unified diff of the statements of the old and the new code; cut off when long."""
    reason: str = ""
    """Why it is UNDECIDED or NOT_RUN, or what the old code fails with: a clause for the report."""
