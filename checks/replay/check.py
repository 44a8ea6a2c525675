"""Check ``replay``: a deploy that stops half-way leaves a database that the next ``alembic upgrade`` finishes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.check import Check, Outcome
from checks.findings import Status
from checks.judged import to_judge
from checks.not_run import has_arrived, left_alone, why_not_run
from checks.plural import listed, plural
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.legs import DEPLOYS
from checks.recording.replays import Commit, Replay, Replays
from checks.recording.tree import Phase, TreeRecording
from checks.replay.not_rerunnable import finding_of
from checks.replay.torn_revisions import line_of, statement_of, torn_revisions
from checks.rules import rules_of

NOTHING_NEW = "There is no new revision to stop."
NOT_ARRIVED = "The new revisions did not reach the heads: see upgrade."
UNSEEN = "It was not seen what the new revisions commit."
_NAMED = 5
"""Most lines that a reason names."""


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Judge what the second upgrade made of each stop."""
    changes = recording.changes
    wanted = to_judge(recording)
    if isinstance(changes, Absent) and not recording.judged:
        return Outcome(
            unjudged=Status.SKIPPED, reason=changes.reason, required=recording.base_expected, follows="history"
        )
    not_run = left_alone(recording) or why_not_run(recording)
    if not_run is not None:
        return not_run
    if not wanted:
        return Outcome(note=NOTHING_NEW)
    if not has_arrived(recording):
        return Outcome(unjudged=Status.SKIPPED, reason=NOT_ARRIVED, follows="upgrade")
    replays = recording.replays
    if isinstance(replays, Absent):
        return Outcome(unjudged=Status.SKIPPED, reason=replays.reason)
    findings = tuple(map(finding_of, torn_revisions(recording, replays)))
    reason = _unjudged(recording, replays, wanted)
    if reason is not None:
        return Outcome(findings=findings, unjudged=Status.SKIPPED, reason=reason)
    return Outcome(findings=findings, note=_note(replays, len(wanted)))


def _unjudged(recording: TreeRecording, replays: Replays, wanted: Sequence[str]) -> str | None:
    """Return what was not seen; None where all was."""
    was_seen = bool(replays.commits or replays.alone) and {*wanted} <= {*replays.alone, *_deployed(recording)}
    torn = (commit for commit in replays.commits if commit.number and {*wanted} & {*commit.torn})
    if not was_seen or not all(_is_accounted(replays, commit) for commit in torn):
        return UNSEEN
    for replay in replays.replays:
        why = replay.reason or _not_finished(replay)
        if why:
            line = line_of(statement_of(replay))
            return f"The deploy could not be judged after a stop{f' at line {line}' if line else ''}: {why}"
    if not replays.left_out:
        return None
    lines = [str(line_of(one.statements[-1])) for one in replays.left_out if one.statements]
    stops = plural(len({(replay.stop.number, replay.during is None) for replay in replays.replays}), "stop")
    return f"Only {stops} ran; the deploy was not stopped after line {listed(lines, _NAMED)}."


def _not_finished(replay: Replay) -> str:
    again = replay.again
    if again is None:
        return UNSEEN
    return again.obstacle.message if again.failure is None and again.obstacle is not None else ""


def _deployed(recording: TreeRecording) -> Iterator[str]:
    """Yield the revisions that the deploy applied."""
    return (step.revision for leg in recording.legs if leg.name in DEPLOYS for step in leg.steps)


def _is_accounted(replays: Replays, commit: Commit) -> bool:
    """Return whether the deploy was stopped after a commit, or after another one at the same line."""
    stops = (*(replay.stop for replay in replays.replays if replay.during is None), *replays.left_out)
    return any(stop.number == commit.number or (stop.frames and stop.frames == commit.frames) for stop in stops)


def _note(replays: Replays, judged: int) -> str:
    """Return what was observed, in a sentence."""
    old = len(replays.alone)
    if not old:
        return _observed(replays, judged)
    said = f"The deploy does not run {plural(old, 'old revision')}, so they were not stopped."
    return f"{_observed(replays, judged - old)} {said.replace('they were', 'it was') if old == 1 else said}"


def _observed(replays: Replays, judged: int) -> str:
    if not replays.commits:
        return NOTHING_NEW
    if len(replays.commits) == 1:
        return (
            "The new revision runs in one transaction." if judged == 1 else "The new revisions run in one transaction."
        )
    if not any(commit.torn for commit in replays.commits):
        return "Each new revision runs in one transaction, with its row in the version table."
    return f"Stopped at {plural(len(replays.replays), 'place')} half-way; the next alembic upgrade finished each time."


CHECK = Check(
    id="replay",
    title="A deploy that stops half-way can run again",
    rules=rules_of("replay"),
    run=run,
    needs_server=True,
    phase=Phase.REPLAY,
)
