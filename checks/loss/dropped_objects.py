"""Judge the tables, columns and other objects that are gone, by what the models of the base still map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from checks.findings import Finding, Severity, Snippet
from checks.loss.column_uses import first_release, is_deferred, what_fails, what_reads
from checks.loss.judged_loss import NO_BASE, JudgedLoss, dotted
from checks.loss.renames import Rename, renames, written
from checks.plural import joined, plural
from checks.recording.losses import Dropped, Mapped, Values
from checks.sql import quoted

_TABLES = ("table", "foreign table")
_SEVERITIES = {
    Mapped.YES: Severity.ERROR,
    Mapped.UNREAD: Severity.NOTICE,
    Mapped.NO: Severity.NOTICE,
    Mapped.UNKNOWN: Severity.WARNING,
}


def dropped_objects(judged: JudgedLoss) -> Iterator[Finding]:
    """Yield a finding for each object that is gone, and for each that is dropped in place of a rename."""
    renamed = renames(judged.loss)
    for one in judged.loss.dropped:
        if one in renamed:
            yield _renamed(judged, one, renamed[one])
        elif one.again and one.values is not Values.ELSEWHERE:
            yield _made_again(judged, one)
        else:
            yield _dropped(judged, one)


def rule_of(one: Dropped) -> str:
    """Return the rule of an object that is gone, and that no rename explains."""
    if one.kind == "column":
        return "column-dropped"
    if one.kind not in _TABLES:
        return "object-dropped"
    return "rows-deleted" if one.again else "table-dropped"


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said of an object that is gone."""

    message: str
    why: str
    remedy: str


def _dropped(judged: JudgedLoss, one: Dropped) -> Finding:
    of_models = {Mapped.YES: _mapped, Mapped.UNREAD: _unread, Mapped.NO: _unmapped, Mapped.UNKNOWN: _unknown}
    words = of_models[one.mapped](judged, one)
    severity = _SEVERITIES[one.mapped]
    if one.mapped is Mapped.UNKNOWN and not judged.has_base:
        words, severity = _without_base(judged, one), Severity.NOTICE
    if _is_unnamed(judged, one):
        severity = Severity.WARNING
    return _finding(judged, one, severity, words)


def _finding(judged: JudgedLoss, one: Dropped, severity: Severity, words: _Words) -> Finding:
    return Finding(
        rule=rule_of(one),
        severity=judged.weighed(severity),
        message=words.message,
        why=words.why,
        remedy=words.remedy,
        **judged.place_of(one.statement),
        object=dotted(one.schema, one.table, one.name),
        evidence=tuple(_evidence(judged, one)),
    )


def _evidence(judged: JudgedLoss, one: Dropped) -> Iterator[Snippet]:
    yield from judged.evidence(one.statement)
    if one.takes:
        yield Snippet(title="Removed with it", text="\n".join(one.takes))


def _mapped(judged: JudgedLoss, one: Dropped) -> _Words:
    name, target, kind = dotted(one.schema, one.table, one.name), dotted(one.schema, one.table or one.name), one.kind
    if kind == "column":
        why, first = what_fails(one, judged.base), first_release(one)
    else:
        why = f"Every query of the running release on {target} fails after this migration."
        first = f"remove the model of {target}, without a migration."
    return _Words(
        message=f"{judged.named} drops {kind} {name}, but the models on {judged.base} still map it.{_with_it(one)}",
        why=why + _rows(one),
        remedy=f"Drop {kind} {name} in two steps. Release 1: {first} Release 2: drop it, when no running code uses it "
        "any more.",
    )


def _unread(judged: JudgedLoss, one: Dropped) -> _Words:
    name = dotted(one.schema, one.table, one.name)
    said = "map it as deferred" if is_deferred(one) else "have it in a Table whose class does not map it"
    return _Words(
        message=f"{judged.named} drops column {name}; the models on {judged.base} {said}.{_with_it(one)}",
        why=f"{what_reads(one)}{_rows(one)}",
        remedy="",
    )


_PARTITION = "It is a partition: the partitioned table loses these rows."


def _unmapped(judged: JudgedLoss, one: Dropped) -> _Words:
    name = dotted(one.schema, one.table, one.name)
    if not one.is_named:
        return _by_cascade(judged, one)
    return _Words(
        message=f"{judged.named} drops {one.kind} {name}; the models on {judged.base} do not map it.{_with_it(one)}",
        why=f"{_PARTITION if one.is_partition else 'No model of the running release uses it.'}{_rows(one)}",
        remedy="",
    )


def _is_unnamed(judged: JudgedLoss, one: Dropped) -> bool:
    """Return whether no statement names an object of which no running release is known to use it."""
    is_unused = one.mapped is Mapped.NO or (one.mapped is Mapped.UNKNOWN and not judged.has_base)
    return is_unused and not one.is_named


def _by_cascade(judged: JudgedLoss, one: Dropped) -> _Words:
    name = dotted(one.schema, one.table, one.name)
    return _Words(
        message=f"{judged.named} drops {one.kind} {name} by CASCADE, without naming it.{_with_it(one)}",
        why=f"CASCADE removes whatever depends on the object that is dropped.{_rows(one)}",
        remedy="Drop it by its own name if it has to go. If not, create it again in the same revision.",
    )


def _without_base(judged: JudgedLoss, one: Dropped) -> _Words:
    if not one.is_named:
        return _by_cascade(judged, one)
    name = dotted(one.schema, one.table, one.name)
    return _Words(
        message=f"{judged.named} drops {one.kind} {name}.{_with_it(one)}",
        why=f"{NO_BASE} Nothing says whether a running release uses the {one.kind}.{_rows(one)}",
        remedy="",
    )


def _unknown(judged: JudgedLoss, one: Dropped) -> _Words:
    name = dotted(one.schema, one.table, one.name)
    return _Words(
        message=f"{judged.named} drops {one.kind} {name}, and it is unknown whether the models on {judged.base} "
        f"map it.{_with_it(one)}",
        why=f"The models on {judged.base} could not be read: {judged.models_unread}. If they map it, queries of the "
        f"running release fail after this migration.{_rows(one)}",
        remedy=f"Check that the release that runs now does not use the {one.kind}.",
    )


def _made_again(judged: JudgedLoss, one: Dropped) -> Finding:
    name = dotted(one.schema, one.table, one.name)
    if one.kind == "column":
        fix = (
            f"Change the column in place: op.alter_column({quoted(one.table)}, {quoted(one.name)}, type_=…, "
            'postgresql_using="…"). Or copy the values before the old column is dropped.'
        )
        message = f"{judged.named} drops column {name} and adds it again, so its values are lost.{_with_it(one)}"
        return _finding(judged, one, Severity.WARNING, _Words(message, _kept(one), fix))
    message = f"{judged.named} drops {one.kind} {name} and creates it again, so its rows are lost.{_with_it(one)}"
    fix = "Change the table in place, or copy its rows into the new table before the old one is dropped."
    return _finding(judged, one, Severity.WARNING, _Words(message, _kept(one), fix))


def _renamed(judged: JudgedLoss, one: Dropped, rename: Rename) -> Finding:
    name, kind = dotted(one.schema, one.table, one.name), one.kind
    what = "values" if kind == "column" else "rows"
    return Finding(
        rule="renamed-by-drop",
        severity=judged.weighed(Severity.ERROR),
        message=f"{judged.named} drops {kind} {name} and adds {rename.new} in its place, so its {what} are lost."
        f"{_with_it(one)}",
        why=f"{rename.because(one, judged.base)} Autogenerate writes a rename as a drop and an add. "
        f"Nothing in the migration copies the {what}, and a downgrade does not bring them back.",
        remedy=f"Rename {kind} {name}, in place of both lines. If the new {kind} means something else, drop the old "
        "one in a later release.",
        **judged.place_of(one.statement),
        object=name,
        evidence=tuple(_evidence(judged, one)),
        fixes=(Snippet(title="Rename it in upgrade() and downgrade()", text=written(one, rename), language="python"),),
    )


_KINDS = {
    "table constraint": "constraint",
    "default value": "default",
    "materialized view": "materialized view",
}
_GROUPS = ("view", "materialized view", "constraint", "index", "trigger", "policy", "sequence", "default", "privilege")


def _with_it(one: Dropped) -> str:
    """Return the sentence that counts what goes with an object; empty where nothing does."""
    counted: Counter[str] = Counter()
    for text in one.takes:
        kind = next((known for known in (*_KINDS, *_GROUPS) if text.startswith(f"{known} ")), "object")
        counted[_KINDS.get(kind, kind)] += 1
    if not counted:
        return ""
    words = [_number(counted[kind], kind) for kind in (*_GROUPS, "object") if counted[kind]]
    return f" {joined(words) if len(words) < 3 else ', '.join(words[:-1]) + ' and ' + words[-1]} " + (
        "goes with it." if counted.total() == 1 else "go with it."
    )


def _number(count: int, kind: str) -> str:
    irregular = {"index": "indexes", "policy": "policies"}
    return f"{count} {irregular[kind]}" if count > 1 and kind in irregular else plural(count, kind)


def _rows(one: Dropped) -> str:
    """Return what was observed of the rows, as a sentence; empty where nothing was."""
    if one.values is not Values.GONE:
        return ""
    return f" {_kept(one)}"


def _kept(one: Dropped) -> str:
    what = "values" if one.kind == "column" else "rows"
    if one.values is Values.GONE:
        return f"Nothing in the migration keeps its {what}, and a downgrade does not bring them back."
    return f"A downgrade does not bring its {what} back."
