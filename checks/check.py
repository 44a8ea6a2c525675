"""The types of a check: a pure function from the recording of an Alembic environment to findings, and its rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from checks.findings import Finding, Snippet, Status
from checks.policy import Policy
from checks.recording.tree import Phase, TreeRecording


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a check returns for a recording."""

    findings: tuple[Finding, ...] = ()
    unjudged: Status | None = None
    """SKIPPED or ERROR when the check could not judge everything; None when it could."""
    reason: str | None = None
    """Why the check could not judge everything; None when it could."""
    note: str | None = None
    """What a check that could judge everything has observed, in one sentence; None where its title says it."""
    required: bool = True
    """False where the user did not ask for this check: a skip then does not change the verdict."""
    follows: str | None = field(default=None, compare=False)
    """The check whose result says why this one could not judge everything, as in ``Result``."""
    fixes: tuple[Snippet, ...] = ()
    """Fixes that solve several findings at once, such as the missing migration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """An entry of ``checks.CHECKS``."""

    id: str
    title: str
    """What the check proves, in a few words for a table, such as ``One head``."""
    rules: tuple[str, ...]
    """The ids of all rules of its findings, from ``checks.rules``."""
    run: Callable[[TreeRecording, Policy], Outcome]
    needs_server: bool = False
    """Whether it judges what the project's code does on PostgreSQL; the others judge its files alone."""
    phase: Phase | None = None
    """The phase whose seconds the report shows for this check; None where it judges files without running them."""
    judges_edits: bool = False
    """Whether it judges changes to revisions of the base; suppressions in their files then apply to it too."""
