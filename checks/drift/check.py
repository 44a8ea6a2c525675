"""Check ``drift``: the models and the migrations make the same database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.check import Check, Outcome
from checks.comparison.by_table import TableName
from checks.comparison.change import STRINGS, Change, ChangeKind, Weight
from checks.comparison.compare import compare
from checks.drift.consequences import why
from checks.drift.each_database import of_every_engine
from checks.drift.evidence import in_database, in_models
from checks.drift.further import further_files
from checks.drift.remedies import cosmetic_remedy, string_remedy
from checks.drift.sentences import message, object_name
from checks.drift.uncompared import notice, uncompared
from checks.drift.undecided import is_undecided, not_decided, undecided
from checks.drift.unimported import with_unimported
from checks.drift.unjudged import no_drift, no_metadata, not_built, nothing_compared, undated, unseen_models
from checks.drift.weighing import rule_of, severity_of
from checks.findings import Finding, Snippet, Status
from checks.made_base import is_from_models
from checks.not_run import why_not_run
from checks.plural import plural
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.models import Candidate, Drift, Models
from checks.recording.schema import Schema
from checks.recording.tree import Environment, Phase, TreeRecording

ONLY_IN_MIGRATIONS = (ChangeKind.TABLE_EXTRA, ChangeKind.ENUM_EXTRA)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """The differences between models and migrations at the head, by what is new and what the candidate repairs."""

    drift: Drift
    new: tuple[Change, ...]
    """Differences that the base does not have."""
    undecided: tuple[Change, ...]
    """Differences that the base does not have, but that production may not have either."""
    old: tuple[Change, ...]
    """Differences that the base has, too."""
    remaining: tuple[Change, ...]
    """Differences that are left after the candidate migration ran."""

    @property
    def candidate_ran(self) -> bool:
        """Return whether the candidate migration changes something and ran on a copy of the database."""
        candidate = self.drift.candidate
        return isinstance(candidate, Candidate) and not candidate.empty and isinstance(candidate.repaired, Schema)

    def remains(self, change: Change) -> bool:
        """Return whether the candidate migration does not repair the difference."""
        return not self.candidate_ran or change.place in {other.place for other in self.remaining}


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Compare the models with the migrations, and report the differences that the base does not have."""
    outcome = of_every_engine(recording, lambda part: _judged(part, policy))
    return with_unimported(outcome, recording.model_files)


def _judged(recording: TreeRecording, policy: Policy) -> Outcome:
    drift = recording.drift
    if isinstance(drift, Absent):
        return why_not_run(recording) or no_metadata(recording) or no_drift(recording, drift)
    if recording.environment is None:
        return Outcome(unjudged=Status.SKIPPED, reason="The interpreter that imported the models is not known.")
    outcome = _differences_of(recording, drift, policy)
    reason = nothing_compared(recording, drift.head)
    return outcome if outcome.unjudged or reason is None else replace(outcome, unjudged=Status.SKIPPED, reason=reason)


def _differences_of(recording: TreeRecording, drift: Drift, policy: Policy) -> Outcome:
    environment = recording.environment
    unjudged = no_metadata(recording)
    if unjudged is not None:
        return unjudged
    from_models = is_from_models(recording)
    if isinstance(drift.head.modelled, Absent):
        outcome = _by_autogenerate(drift, drift.head.modelled, policy)
        return not_decided(outcome) if from_models else outcome
    compared = _compared(drift, environment, from_models)
    if isinstance(drift.base, Absent) and (compared.new or compared.undecided):
        return undated([message(change) for change in (*compared.new, *compared.undecided)], drift.base)
    findings = (
        *(_finding(change, compared, policy) for change in compared.new),
        *_base_notices([message(change) for change in compared.old]),
        *uncompared(drift.head),
    )
    reasons = [text for text in (unseen_models(environment), undecided(compared.undecided, drift)) if text]
    return Outcome(
        findings=findings,
        fixes=_fixes(compared),
        unjudged=Status.SKIPPED if reasons else None,
        reason="\n".join(reasons) or None,
    )


def _compared(drift: Drift, environment: Environment | None, from_models: bool) -> _Comparison:
    version_table = _version_table(drift.head, environment)
    changes = compare(drift.head, version_table)
    if environment is not None and environment.unseen:
        # A table or enum that only the migrations create may belong to the models outside of target_metadata.
        changes = tuple(change for change in changes if change.kind not in ONLY_IN_MIGRATIONS)
    known = {c.fingerprint for c in compare(drift.base, version_table)} if isinstance(drift.base, Models) else set()
    repaired = drift.candidate.repaired if isinstance(drift.candidate, Candidate) else None
    added = [change for change in changes if change.fingerprint not in known]
    unknown = [change for change in added if from_models and is_undecided(change, drift)]
    return _Comparison(
        drift=drift,
        new=tuple(change for change in added if change not in unknown),
        undecided=tuple(unknown),
        old=tuple(change for change in changes if change.fingerprint in known),
        remaining=compare(replace(drift.head, migrated=repaired), version_table)
        if isinstance(repaired, Schema)
        else (),
    )


def _version_table(models: Models, environment: Environment | None) -> TableName | None:
    if environment is None:
        return None
    return (environment.version_table_schema or models.default_schema, environment.version_table)


def _finding(change: Change, compared: _Comparison, policy: Policy) -> Finding:
    path, line = _place(change, compared.drift.head)
    needs_lines = compared.remains(change) and bool(change.repair)
    return Finding(
        rule=rule_of(change),
        severity=severity_of(change, policy),
        message=message(change),
        why=why(change),
        remedy=_remedy(change, compared),
        path=path,
        line=line,
        object=object_name(change),
        evidence=_evidence(change),
        fixes=(_lines(change),) if needs_lines else (),
    )


def _remedy(change: Change, compared: _Comparison) -> str:
    # An annotation and a notice show no code, so no remedy points at lines.
    if change.kind in STRINGS:
        return string_remedy(str(change.words))
    if change.weight is Weight.COSMETIC:
        return cosmetic_remedy(change)
    if not compared.remains(change):
        return "Commit the missing migration, or change the models if the migrations are right."
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
            f"The base already has {_differences(len(old))} between models and migrations.",
            f"This branch did not add {pronoun}, so {'it does' if len(old) == 1 else 'they do'} not fail the check.",
            f"Add a migration for {pronoun} in a separate change.",
            Snippet(title="Old differences", text="\n".join(old)),
        )


def _differences(count: int, age: str = "") -> str:
    return plural(count, f"{age}difference") if count else f"no {age}differences"


def _fixes(compared: _Comparison) -> tuple[Snippet, ...]:
    candidate = compared.drift.candidate
    if compared.new and isinstance(candidate, Absent):
        return (Snippet(title="Autogenerate could not write the missing migration", text=candidate.reason),)
    if not compared.new or not isinstance(candidate, Candidate) or candidate.empty:
        return ()
    if isinstance(candidate.repaired, Absent):
        return (_failing(candidate, candidate.repaired), *further_files(candidate))
    return (_migration(candidate, _facts(compared, candidate)), *further_files(candidate), *_left(compared))


def _migration(candidate: Candidate, facts: str) -> Snippet:
    title = f"Missing migration ({facts})"
    return Snippet(title=title, text=candidate.content, language="python", path=candidate.path)


def _failing(candidate: Candidate, error: Absent) -> Snippet:
    return _migration(candidate, f"autogenerate; fails on a copy of the database: {error.reason}")


def _facts(compared: _Comparison, candidate: Candidate) -> str:
    """Return who wrote the migration and what running it on a copy of the database showed."""
    count = len(candidate.added)
    added = f" + {plural(count, 'added line')}" if count else ""
    facts = [f"autogenerate{added}"]
    if compared.old:
        facts.append(f"includes {_differences(len(compared.old), 'old ')}")
    left = len(compared.remaining)
    if compared.undecided:
        may_have = _differences(len(compared.undecided))
        return "; ".join([*facts, f"also ends {may_have} that production may not have: check before you commit it"])
    facts.append(f"verified: {_differences(left)} remain{'s' if left == 1 else ''}")
    if candidate.hooks_failed:
        facts.append(f"post-write hooks did not run: {candidate.hooks_failed}")
    return "; ".join(facts)


def _left(compared: _Comparison) -> Iterator[Snippet]:
    if compared.remaining:
        blocks = ["\n".join((f"# {message(change)}", *change.repair)) for change in compared.remaining]
        yield Snippet(
            title="Add to upgrade(): autogenerate cannot write these changes",
            text="\n".join(blocks),
            language="python",
        )


def _by_autogenerate(drift: Drift, not_created: Absent, policy: Policy) -> Outcome:
    """Return the differences that autogenerate detects, where the models could not be created in a database."""
    if drift.autogenerate and isinstance(drift.base, Absent):
        return undated(list(drift.autogenerate), drift.base)
    known = drift.base_autogenerate or ()
    new = [operation for operation in drift.autogenerate if operation not in known]
    old = [operation for operation in drift.autogenerate if operation in known]
    findings = tuple(
        Finding(
            rule="missing-migration",
            severity=policy.drift_differs,
            message=f"Autogenerate finds a difference: {operation}.",
            why="The migrations do not create the database that the models describe.",
            remedy="Commit the missing migration, or change the models if the migrations are right.",
            object=operation,
        )
        for operation in new
    )
    return Outcome(
        findings=(*findings, *_base_notices(old)),
        unjudged=Status.SKIPPED,
        reason=not_built(drift, not_created),
        fixes=_unverified_fixes(drift.candidate) if new else (),
    )


def _unverified_fixes(candidate: Candidate | Absent | None) -> tuple[Snippet, ...]:
    """Return the migration that autogenerate writes, where no comparison can verify it."""
    if not isinstance(candidate, Candidate) or candidate.empty:
        return ()
    if isinstance(candidate.repaired, Absent):
        return (_failing(candidate, candidate.repaired), *further_files(candidate))
    return (_migration(candidate, "autogenerate; runs on a copy of the database"), *further_files(candidate))


CHECK = Check(
    id="drift",
    title="Models match migrations",
    rules=(
        "missing-migration",
        "schema-differs",
        "old-drift",
        "undated-drift",
        "frozen-default",
        "hidden-objects",
        "name-used-twice",
        "made-by-hand",
        "unseen-models",
    ),
    run=run,
    phase=Phase.COMPARE,
)
