"""Check ``drift``: the models and the migrations make the same database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.check import Check, Outcome
from checks.common_causes import MISSING_MIGRATION
from checks.comparison.change import STRINGS, Change, Weight
from checks.comparison.in_migration import belongs_in_migration
from checks.drift.consequences import why
from checks.drift.dated import Dated, dated, remaining, undatable
from checks.drift.each_database import of_every_engine
from checks.drift.evidence import in_database, in_models
from checks.drift.fixes import Comparison, fixes, unverified
from checks.drift.remedies import cosmetic_remedy, string_remedy
from checks.drift.sentences import message, object_name
from checks.drift.uncompared import notice, uncompared
from checks.drift.undecided import idle_revisions, not_decided, undecided
from checks.drift.unimported import with_unimported
from checks.drift.unjudged import (
    NOT_ARRIVED,
    no_drift,
    no_metadata,
    not_built,
    nothing_compared,
    undated,
    unseen_models,
)
from checks.drift.weighing import DIFFERS, part_of, rule_of, severity_of
from checks.findings import Finding, Severity, Snippet, Status
from checks.made_base import is_from_models
from checks.not_run import left_alone, why_not_run
from checks.plural import plural
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.models import Candidate, Drift, Models
from checks.recording.schema import Schema
from checks.recording.tree import Environment, Phase, TreeRecording
from checks.rules import rules_of

COMMIT = "Commit the missing migration, or change the models if the migrations are right."


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Compare the models with the migrations, and report the differences that the base does not have."""
    untouched = left_alone(recording)
    if untouched is not None:
        return untouched
    outcome = of_every_engine(recording, _judged)
    return with_unimported(outcome, recording.model_files)


def _judged(recording: TreeRecording) -> Outcome:
    drift = recording.drift
    if isinstance(drift, Absent):
        return why_not_run(recording) or no_metadata(recording) or no_drift(recording, drift)
    if recording.environment is None:
        return Outcome(unjudged=Status.SKIPPED, reason="The interpreter that imported the models is not known.")
    outcome = _differences_of(recording, drift)
    reason = nothing_compared(recording, drift.head)
    if outcome.unjudged or reason is None:
        return outcome
    return replace(
        outcome, unjudged=Status.SKIPPED, reason=reason, follows="upgrade" if reason == NOT_ARRIVED else None
    )


def _differences_of(recording: TreeRecording, drift: Drift) -> Outcome:
    environment = recording.environment
    unjudged = no_metadata(recording)
    if unjudged is not None:
        return unjudged
    from_models = is_from_models(recording)
    if isinstance(drift.head.modelled, Absent):
        outcome = _by_autogenerate(drift, drift.head.modelled)
        return not_decided(outcome) if from_models else outcome
    idle = idle_revisions(recording)
    compared = _compared(drift, environment, from_models, idle)
    unknown = undatable(drift)
    if unknown is not None and (compared.new or compared.undecided):
        return undated([message(change) for change in (*compared.new, *compared.undecided)], unknown)
    findings = (
        *(_finding(change, compared) for change in compared.new),
        *_base_notices([message(change) for change in compared.old]),
        *uncompared(drift.head),
    )
    reasons = [text for text in (unseen_models(environment), undecided(compared.undecided, drift, idle)) if text]
    return Outcome(
        findings=findings,
        fixes=fixes(compared),
        unjudged=Status.SKIPPED if reasons else None,
        reason="\n".join(reasons) or None,
    )


def _compared(drift: Drift, environment: Environment | None, from_models: bool, idle: tuple[str, ...]) -> Comparison:
    differences = dated(drift, environment, from_models=from_models, idle=idle)
    return Comparison(
        drift=drift,
        new=differences.new,
        undecided=differences.undecided,
        old=differences.old,
        remaining=_left(drift, drift.candidate, differences, environment),
        old_remaining=_left(drift, drift.old_candidate, differences.with_old_as_new, environment),
    )


def _left(
    drift: Drift, candidate: Candidate | Absent | None, differences: Dated, environment: Environment | None
) -> tuple[Change, ...]:
    repaired = candidate.repaired if isinstance(candidate, Candidate) else None
    return remaining(drift.head, repaired, differences, environment) if isinstance(repaired, Schema) else ()


def _finding(change: Change, compared: Comparison) -> Finding:
    path, line = _place(change, compared.drift.head)
    remedy = _remedy(change, compared)
    needs_lines = bool(change.repair) and (compared.remains(change) or not belongs_in_migration(change))
    return Finding(
        rule=rule_of(change),
        severity=severity_of(change),
        part=part_of(change),
        message=message(change),
        why=why(change),
        remedy=remedy,
        path=path,
        line=line,
        object=object_name(change),
        problem=MISSING_MIGRATION if remedy == COMMIT else "",
        evidence=_evidence(change),
        fixes=(_lines(change),) if needs_lines else (),
    )


def _remedy(change: Change, compared: Comparison) -> str:
    # An annotation and a notice show no code, so no remedy points at lines.
    if change.kind in STRINGS:
        return string_remedy(str(change.words))
    if change.weight is Weight.COSMETIC:
        return cosmetic_remedy(change)
    if not compared.remains(change):
        return COMMIT
    if compared.candidate_ran and change.repair:
        return "Add this change to upgrade() of the missing migration by hand: autogenerate cannot write it."
    return "Add a migration that makes this change, or change the models if the migrations are right."


def _lines(change: Change) -> Snippet:
    return Snippet(title="Add to upgrade()", text="\n".join(change.repair), language="python")


def _evidence(change: Change) -> tuple[Snippet, ...]:
    sides = (("Models", in_models(change)), ("Migrations", in_database(change)))
    shown = [Snippet(title=title, text=text, language="sql") for title, text in sides if text is not None]
    return (*shown, *([Snippet(title="Example", text=change.witness)] if change.witness else []))


def _place(change: Change, models: Models) -> tuple[str | None, int | None]:
    for path in (change.path, change.path[:-1]):
        frame = models.locations.get(".".join(path))
        if frame is not None:
            return frame.path, frame.line
    return None, None


def _base_notices(old: list[str]) -> Iterator[Finding]:
    """Yield a notice with the differences that the base has, too."""
    if old:
        pronoun = "it" if len(old) == 1 else "them"
        yield notice(
            "old-drift",
            f"The base already has {plural(len(old), 'difference')} between models and migrations.",
            f"This branch did not add {pronoun}, so {'it does' if len(old) == 1 else 'they do'} not fail the check.",
            f"Add a migration for {pronoun} in a separate change.",
            Snippet(title="Old differences", text="\n".join(old)),
        )


def _by_autogenerate(drift: Drift, not_created: Absent) -> Outcome:
    """Return the differences that autogenerate detects, where the models could not be created in a database."""
    if drift.autogenerate and isinstance(drift.base, Absent):
        return undated(list(drift.autogenerate), drift.base)
    known = drift.base_autogenerate or ()
    new = [operation for operation in drift.autogenerate if operation not in known]
    old = [operation for operation in drift.autogenerate if operation in known]
    findings = tuple(
        Finding(
            rule="missing-migration",
            severity=Severity.ERROR,
            part=DIFFERS,
            message=f"Autogenerate finds a difference: {operation}.",
            why="The migrations do not create the database that the models describe.",
            remedy=COMMIT,
            object=operation,
            problem=MISSING_MIGRATION,
        )
        for operation in new
    )
    return Outcome(
        findings=(*findings, *_base_notices(old)),
        unjudged=Status.SKIPPED,
        reason=not_built(drift, not_created),
        fixes=unverified(drift.candidate) if new else (),
    )


CHECK = Check(
    id="drift",
    title="Models match migrations",
    rules=rules_of("drift"),
    run=run,
    needs_server=True,
    phase=Phase.COMPARE,
)
