"""What a check is: a pure function from a tree's recording to findings, and the rules that it may tell of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from checks.findings import Finding, Snippet, Status
from checks.policy import Policy
from checks.recording.tree import Phase, TreeRecording


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a check makes of a recording."""

    findings: tuple[Finding, ...] = ()
    unjudged: Status | None = None
    """SKIPPED or ERROR when something could not be judged; None when all was."""
    reason: str | None = None
    """Why, when ``unjudged``."""
    required: bool = True
    """False where nothing asked for it: being skipped then leaves the verdict alone."""
    fixes: tuple[Snippet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check as it stands in ``checks.CHECKS``."""

    id: str
    title: str
    """What it proves, in a few words for a table: ``One head per branch``."""
    rules: tuple[str, ...]
    """The ids of every rule that it can tell of; each has a heading in ``docs/checks/<id>.md``."""
    run: Callable[[TreeRecording, Policy], Outcome]
    phase: Phase | None = None
    """The phase whose time is the check's; None where it judges what is read without running anything."""
    judges_edits: bool = False
    """Whether it judges what becomes of revisions that the base has: suppressions in their files then are its too."""
