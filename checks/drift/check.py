"""Check ``drift``: the models and the migrations make the same database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.check import Check, Outcome
from checks.comparison.by_table import TableName
from checks.comparison.change import Change, ChangeKind, Weight
from checks.comparison.compare import compare
from checks.drift.evidence import in_database, in_models
from checks.drift.sentences import message, object_name, why
from checks.drift.uncompared import notice, uncompared
from checks.drift.unjudged import no_drift, no_metadata, unseen_models
from checks.findings import Finding, Snippet, Status
from checks.not_run import why_not_run
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.models import Candidate, Drift, Models
from checks.recording.schema import Schema
from checks.recording.tree import Environment, Phase, TreeRecording

ONLY_IN_DATABASE = (ChangeKind.TABLE_EXTRA, ChangeKind.ENUM_EXTRA)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """The changes that a tree lacks, sorted by whose they are and by what mends them."""

    drift: Drift
    new: tuple[Change, ...]
    old: tuple[Change, ...]
    remaining: tuple[Change, ...]
    """What the candidate migration leaves."""

    @property
    def mends(self) -> bool:
        """Tell whether there is a candidate that ran."""
        candidate = self.drift.candidate
        return isinstance(candidate, Candidate) and not candidate.empty and isinstance(candidate.repaired, Schema)

    def leaves(self, change: Change) -> bool:
        """Tell whether the change is still lacking after the candidate."""
        return not self.mends or change.place in {other.place for other in self.remaining}


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Compare the two databases, and the base's two where there are such."""
    drift, environment = recording.drift, recording.environment
    if isinstance(drift, Absent):
        return why_not_run(recording) or no_metadata(environment) or no_drift(recording, drift)
    unjudged = no_metadata(environment)
    if unjudged is not None:
        return unjudged
    if isinstance(drift.head.modelled, Absent):
        return _by_autogenerate(drift, drift.head.modelled, policy)
    compared = _compared(drift, environment)
    findings = (
        *(_finding(change, compared, policy) for change in compared.new),
        *_base_notices(drift, [message(change) for change in compared.old], bool(compared.new)),
        *uncompared(drift.head),
    )
    unseen = unseen_models(environment)
    return Outcome(
        findings=findings,
        fixes=_fixes(compared),
        unjudged=Status.SKIPPED if unseen else None,
        reason=unseen,
    )


def _compared(drift: Drift, environment: Environment | None) -> _Comparison:
    version_table = _version_table(drift.head, environment)
    changes = compare(drift.head, version_table)
    if environment is not None and environment.unseen:
        # What only the database has may well belong to the models that Alembic never gets.
        changes = tuple(change for change in changes if change.kind not in ONLY_IN_DATABASE)
    known = {c.fingerprint for c in compare(drift.base, version_table)} if isinstance(drift.base, Models) else set()
    repaired = drift.candidate.repaired if isinstance(drift.candidate, Candidate) else None
    return _Comparison(
        drift=drift,
        new=tuple(change for change in changes if change.fingerprint not in known),
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
    severities = {
        Weight.BREAKS: policy.drift_breaks,
        Weight.DIFFERS: policy.drift_differs,
        Weight.COSMETIC: policy.drift_cosmetic,
    }
    path, line = _place(change, compared.drift.head)
    by_hand = compared.leaves(change) and bool(change.repair)
    return Finding(
        rule="schema-differs" if change.weight is Weight.COSMETIC else "missing-migration",
        severity=severities[change.weight],
        message=message(change),
        why=why(change),
        remedy=_remedy(change, compared),
        path=path,
        line=line,
        object=object_name(change),
        evidence=_evidence(change),
        fixes=(_lines(change),) if by_hand else (),
    )


def _remedy(change: Change, compared: _Comparison) -> str:
    if not compared.leaves(change):
        return "Commit the missing migration, or change the models if the database is right."
    if not change.repair:
        return "Write a migration that makes the change, or change the models if the database is right."
    if compared.mends:
        return "Alembic's autogenerate cannot write this: add these lines to upgrade() of the migration."
    return "Put these lines into upgrade() of a new migration, or change the models if the database is right."


def _lines(change: Change) -> Snippet:
    return Snippet(title="In upgrade()", text="\n".join(change.repair), language="python")


def _evidence(change: Change) -> tuple[Snippet, ...]:
    sides = (("Models", in_models(change)), ("Migrations", in_database(change)))
    return tuple(Snippet(title=title, text=text, language="sql") for title, text in sides if text is not None)


def _place(change: Change, models: Models) -> tuple[str | None, int | None]:
    for path in (change.path, change.path[:-1]):
        frame = models.locations.get(".".join(path))
        if frame is not None:
            return frame.path, frame.line
    return None, None


def _base_notices(drift: Drift, old: list[str], found: bool) -> Iterator[Finding]:
    """Tell how many differences the base has already, or why that is not known."""
    if old:
        yield notice(
            "old-drift",
            f"{_differences(len(old))} between models and migrations"
            f" {'was' if len(old) == 1 else 'were'} there before.",
            "The base has the same; only what this branch adds counts.",
            "Commit a migration for it when it suits you.",
            Snippet(title="Old differences", text="\n".join(old)),
        )
    if isinstance(drift.base, Absent) and found:
        yield notice(
            "old-drift",
            "What the base had already could not be told from what this branch adds.",
            drift.base.reason,
            "Look at each difference: some may be old.",
        )


def _differences(count: int) -> str:
    return "1 difference" if count == 1 else f"{count} differences"


def _fixes(compared: _Comparison) -> tuple[Snippet, ...]:
    candidate = compared.drift.candidate
    if compared.new and isinstance(candidate, Absent):
        return (Snippet(title="Alembic's autogenerate gave no migration", text=candidate.reason),)
    if not compared.new or not isinstance(candidate, Candidate) or candidate.empty:
        return ()
    if isinstance(candidate.repaired, Absent):
        why = candidate.repaired.reason
        title = f"Alembic's autogenerate wrote this migration, but on a copy of the database it fails: {why}"
        return (Snippet(title=title, text=candidate.content, language="python", path=candidate.path),)
    return (
        Snippet(title=_title(compared, candidate), text=candidate.content, language="python", path=candidate.path),
        *_left(compared),
    )


def _title(compared: _Comparison, candidate: Candidate) -> str:
    count = len(candidate.added)
    added = f", with {count} line{'' if count == 1 else 's'} added that it cannot write" if count else ""
    old = f", the {_differences(len(compared.old))} from before included" if compared.old else ""
    failed = candidate.hooks_failed
    hooks = f"; the project's post-write hooks did not run: {failed}" if failed else ""
    left = len(compared.remaining)
    rest = f"{_differences(left)} remain{'s' if left == 1 else ''}" if left else "nothing differs any more"
    return (
        f"The missing migration, written by Alembic's autogenerate{added}{old};"
        f" applied to a copy of the database, {rest}{hooks}"
    )


def _left(compared: _Comparison) -> Iterator[Snippet]:
    if compared.remaining:
        blocks = ["\n".join((f"# {message(change)}", *change.repair)) for change in compared.remaining]
        yield Snippet(
            title="What Alembic's autogenerate cannot write: add it to upgrade()",
            text="\n".join(blocks),
            language="python",
        )


def _by_autogenerate(drift: Drift, unbuilt: Absent, policy: Policy) -> Outcome:
    """Tell what autogenerate alone sees, which is a part."""
    known = drift.base_autogenerate or ()
    new = [operation for operation in drift.autogenerate if operation not in known]
    old = [operation for operation in drift.autogenerate if operation in known]
    findings = tuple(
        Finding(
            rule="missing-migration",
            severity=policy.drift_differs,
            message=f"Alembic's autogenerate finds a difference: {operation}.",
            why="The models and the database that the migrations build are not the same.",
            remedy="Commit the missing migration, or change the models if the database is right.",
            object=operation,
        )
        for operation in new
    )
    reason = (
        f"The models could not be built as a database ({unbuilt.reason}), so only what Alembic's autogenerate sees"
        " was compared."
    )
    return Outcome(
        findings=(*findings, *_base_notices(drift, old, bool(new))),
        unjudged=Status.SKIPPED,
        reason=reason,
        fixes=_fallback_fixes(drift.candidate) if new else (),
    )


def _fallback_fixes(candidate: Candidate | Absent | None) -> tuple[Snippet, ...]:
    if not isinstance(candidate, Candidate) or candidate.empty:
        return ()
    why = candidate.repaired.reason if isinstance(candidate.repaired, Absent) else None
    outcome = "it ran on a copy of the database" if why is None else f"it fails: {why}"
    title = f"The migration that Alembic's autogenerate writes; {outcome}"
    return (Snippet(title=title, text=candidate.content, language="python", path=candidate.path),)


CHECK = Check(
    id="drift",
    title="Models match migrations",
    rules=("missing-migration", "schema-differs", "old-drift", "hidden-objects", "name-used-twice", "made-by-hand"),
    run=run,
    phase=Phase.COMPARE,
)
