"""Check ``drift``: the models and the migrations make the same database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.check import Check, Outcome
from checks.comparison.compare import compare, counted, made_by_hand
from checks.comparison.facts import Fact, TableName, Weight, hidden_summary
from checks.drift.unjudged import no_drift, no_metadata, unseen_models
from checks.findings import Finding, Severity, Snippet, Status
from checks.not_run import why_not_run
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.models import Candidate, Drift, Models
from checks.recording.schema import Schema
from checks.recording.tree import Environment, Phase, TreeRecording

ONLY_IN_DATABASE = ("table-extra", "enum-extra")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """The facts of a tree, sorted by whose they are and by what mends them."""

    drift: Drift
    new: tuple[Fact, ...]
    old: tuple[Fact, ...]
    remaining: tuple[Fact, ...]
    """What the candidate migration leaves."""

    @property
    def mends(self) -> bool:
        """Tell whether there is a candidate that ran."""
        candidate = self.drift.candidate
        return isinstance(candidate, Candidate) and not candidate.empty and isinstance(candidate.repaired, Schema)

    def leaves(self, fact: Fact) -> bool:
        """Tell whether the fact is still there after the candidate."""
        return not self.mends or fact.place in {other.place for other in self.remaining}


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
        *(_finding(fact, compared, policy) for fact in compared.new),
        *_notices(compared),
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
    facts = compare(drift.head, version_table)
    if environment is not None and environment.unseen:
        # What only the database has may well belong to the models that Alembic never gets.
        facts = tuple(fact for fact in facts if fact.kind not in ONLY_IN_DATABASE)
    before = compare(drift.base, version_table) if isinstance(drift.base, Models) else ()
    known = {fact.fingerprint for fact in before} | {
        fact.place for fact in before if fact.kind in ("table-missing", "table-extra")
    }
    old = tuple(fact for fact in facts if fact.fingerprint in known or fact.place in known)
    repaired = drift.candidate.repaired if isinstance(drift.candidate, Candidate) else None
    remaining = compare(replace(drift.head, migrated=repaired), version_table) if isinstance(repaired, Schema) else ()
    return _Comparison(drift=drift, new=tuple(fact for fact in facts if fact not in old), old=old, remaining=remaining)


def _version_table(models: Models, environment: Environment | None) -> TableName | None:
    if environment is None:
        return None
    return (environment.version_table_schema or models.default_schema, environment.version_table)


def _finding(fact: Fact, compared: _Comparison, policy: Policy) -> Finding:
    severities = {
        Weight.BREAKS: policy.drift_breaks,
        Weight.DIFFERS: policy.drift_differs,
        Weight.COSMETIC: policy.drift_cosmetic,
    }
    path, line = _place(fact, compared.drift.head)
    by_hand = compared.leaves(fact) and bool(fact.repair)
    return Finding(
        rule="schema-differs" if fact.weight is Weight.COSMETIC else "missing-migration",
        severity=severities[fact.weight],
        message=fact.message,
        why=fact.why,
        remedy=_remedy(fact, compared),
        path=path,
        line=line,
        object=fact.object,
        evidence=_evidence(fact),
        fixes=(_lines(fact),) if by_hand else (),
    )


def _remedy(fact: Fact, compared: _Comparison) -> str:
    if not compared.leaves(fact):
        return "Commit the missing migration, or change the models if the database is right."
    if not fact.repair:
        return "Write a migration that makes the change, or change the models if the database is right."
    if compared.mends:
        return "Alembic's autogenerate cannot write this: add these lines to upgrade() of the migration."
    return "Put these lines into upgrade() of a new migration, or change the models if the database is right."


def _lines(fact: Fact) -> Snippet:
    return Snippet(title="In upgrade()", text="\n".join(fact.repair), language="python")


def _evidence(fact: Fact) -> tuple[Snippet, ...]:
    sides = (("Models", fact.expected), ("Migrations", fact.actual))
    return tuple(Snippet(title=title, text=text, language="sql") for title, text in sides if text is not None)


def _place(fact: Fact, models: Models) -> tuple[str | None, int | None]:
    for name in (fact.object, fact.object.rsplit(".", 1)[0]):
        frame = models.locations.get(name)
        if frame is not None:
            return frame.path, frame.line
    return None, None


def _base_notices(drift: Drift, old: list[str], found: bool) -> Iterator[Finding]:
    """Tell how many differences the base has already, or why that is not known."""
    if old:
        yield _notice(
            "old-drift",
            f"{_differences(len(old))} between models and migrations"
            f" {'was' if len(old) == 1 else 'were'} there before.",
            "The base has the same; only what this branch adds counts.",
            "Commit a migration for it when it suits you.",
            Snippet(title="Old differences", text="\n".join(old)),
        )
    if isinstance(drift.base, Absent) and found:
        yield _notice(
            "old-drift",
            "What the base had already could not be told from what this branch adds.",
            drift.base.reason,
            "Look at each difference: some may be old.",
        )


def _notices(compared: _Comparison) -> Iterator[Finding]:
    drift = compared.drift
    yield from _base_notices(drift, [fact.message for fact in compared.old], bool(compared.new))
    if drift.head.hidden:
        count = len(drift.head.hidden)
        yield _notice(
            "hidden-objects",
            f"include_object or include_name in env.py hides {count} object{'' if count == 1 else 's'}.",
            "They were not compared.",
            "Nothing, where they are another program's; otherwise narrow the filter.",
            Snippet(title="Hidden", text=hidden_summary(drift.head.hidden)),
        )
    if drift.head.left_out:
        count = len(drift.head.left_out)
        yield _notice(
            "name-used-twice",
            f"The models give {count} index{'' if count == 1 else 'es'} or constraint{'' if count == 1 else 's'} a name"
            " that is taken already.",
            "metadata.create_all() fails on that; it was left out here, and not compared.",
            "Give it another name in the models, or remove what is there twice.",
            Snippet(title="Left out", text="\n".join(drift.head.left_out)),
        )
    by_hand = made_by_hand(drift.head)
    if by_hand:
        yield _notice(
            "made-by-hand",
            f"The migrations make what models cannot describe: {counted(by_hand)}.",
            "No model says what these should be, so they were not compared.",
            "There is nothing to do.",
            Snippet(title="Made by hand", text="\n".join(by_hand)),
        )


def _notice(rule: str, message: str, why: str, remedy: str, *evidence: Snippet) -> Finding:
    return Finding(rule=rule, severity=Severity.NOTICE, message=message, why=why, remedy=remedy, evidence=evidence)


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
        blocks = ["\n".join((f"# {fact.message}", *fact.repair)) for fact in compared.remaining]
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
