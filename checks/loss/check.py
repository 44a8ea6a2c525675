"""Check ``loss``: what the deployed database has is still there after the new revisions, or is not used any more.

Without a base, each revision that is judged is compared with the one before it.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Check, Outcome
from checks.findings import Finding, Status
from checks.judged import is_old, to_judge
from checks.loss.dropped_objects import dropped_objects
from checks.loss.emptied_tables import emptied_tables
from checks.loss.judged_loss import JudgedLoss
from checks.loss.narrowed_types import narrowed_types
from checks.loss.removed_values import removed_values
from checks.not_run import has_arrived, left_alone, why_not_run
from checks.plural import listed
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.losses import Loss
from checks.recording.tree import Phase, TreeRecording
from checks.rules import rules_of


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Judge what the revisions take away of the deployed database."""
    changes, losses = recording.changes, recording.losses
    unrun = left_alone(recording) or why_not_run(recording)
    if unrun is not None:
        return unrun
    if isinstance(changes, Absent) and not recording.judged:
        return Outcome(
            unjudged=Status.SKIPPED, reason=changes.reason, required=recording.base_expected, follows="history"
        )
    if isinstance(losses, Absent):
        return _without(recording, losses)
    findings = tuple(_findings(recording, losses))
    reason = _unjudged(recording, losses)
    return Outcome(findings=findings, unjudged=Status.SKIPPED if reason else None, reason=reason)


def _without(recording: TreeRecording, absent: Absent) -> Outcome:
    """Return the outcome where no revision was examined."""
    if recording.legs and not has_arrived(recording):
        reason = "The migrations did not reach head, so what they take away is not known."
        return Outcome(unjudged=Status.SKIPPED, reason=reason, follows="upgrade")
    if not to_judge(recording) and recording.legs:
        return Outcome()
    return Outcome(unjudged=Status.SKIPPED, reason=absent.reason)


def _unjudged(recording: TreeRecording, losses: tuple[Loss, ...]) -> str | None:
    """Return the first thing that was not judged; None where all was."""
    before = "the revision before it" if isinstance(recording.changes, Absent) else "the deployed database"
    compared = {loss.revision for loss in losses}
    missing = [revision for revision in to_judge(recording) if revision not in compared]
    if missing:
        return f"Not compared with {before}: {listed(missing)}."
    new = [loss for loss in losses if not is_old(recording, loss.revision)]
    for loss in new:
        if loss.reason:
            return f"Revision {loss.revision} was not compared with {before}. {loss.reason}"
    for loss in new:
        if loss.undecided:
            return (
                f"What revision {loss.revision} does to the values of {listed(loss.undecided)} was not observed: "
                f"{loss.unseen}."
            )
    return None


def _findings(recording: TreeRecording, losses: tuple[Loss, ...]) -> Iterator[Finding]:
    base = "" if isinstance(recording.changes, Absent) else recording.changes.base
    dropped = frozenset(
        (one.schema, one.name) for loss in losses for one in loss.dropped if one.kind == "table" and not one.again
    )
    for loss in losses:
        judged = JudgedLoss(recording=recording, loss=loss, base=base)
        yield from dropped_objects(judged)
        yield from emptied_tables(judged, dropped)
        yield from narrowed_types(judged)
        yield from removed_values(judged)


CHECK = Check(
    id="loss",
    title="Nothing in use is lost",
    rules=rules_of("loss"),
    run=run,
    needs_server=True,
    phase=Phase.EXAMINE,
)
