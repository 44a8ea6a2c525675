"""Find what stays of a revision after its downgrade, and what the downgrade does not bring back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from checks.comparison.alterations import owned
from checks.comparison.lines import DROPPED_FIRST, reverting
from checks.comparison.names import Names
from checks.downgrade.naming_objects import described, item_of, object_of, whose
from checks.downgrade.not_undone import Leftover
from checks.downgrade.object_parts import PRIVILEGES, ChangedPart, Left, differences
from checks.downgrade.renamed import line_back, new_place
from checks.downgrade.undone import UndoneRevision
from checks.findings import Finding, Severity, Snippet
from checks.plural import joined
from checks.recording.schema import Fate, ObjectChange

WHY = "After a rollback, the schema is not the one that the previous revision expects."
TITLE = "Add to downgrade()"
SWAP = "Or replace the type in downgrade()"
NAMES = Names()
_VERBS = {Fate.CAME: "creates", Fate.WENT: "drops", Fate.CHANGED: "changes"}
_PREPOSITIONS = {"grant": "of", "default privileges": "in"}


def incomplete(subject: UndoneRevision, found: Sequence[Leftover]) -> Iterator[Finding]:
    """Yield a finding for each object that is not as before the upgrade.

    None for a value of an enum of which the file says that it stays: PostgreSQL cannot remove one.
    """
    for leftover in in_order(found):
        left = _is_enum_value_left(leftover.change, differences(leftover.change))
        if not (left and subject.revision.irreversible):
            yield _finding(subject, leftover)


def in_order(found: Iterable[Leftover]) -> list[Leftover]:
    """Return them in an order in which their lines can run: drop, then change, then create."""

    def rank(leftover: Leftover) -> tuple[int, int]:
        kind = leftover.change.key.kind
        number = DROPPED_FIRST.index(kind) if kind in DROPPED_FIRST else len(DROPPED_FIRST)
        if leftover.change.fate is Fate.CAME:
            return (0 if number < DROPPED_FIRST.index("column") else 3, number)
        if leftover.change.attributes.keys() & {"clustered", "replica_identity"}:
            return (5, number)  # when the index is there
        is_type = number >= DROPPED_FIRST.index("composite type")
        return (1 if is_type else 2 if leftover.change.fate is Fate.CHANGED else 4, -number)

    return sorted(found, key=rank)


def lines_for(leftover: Leftover) -> tuple[str, ...]:
    """Return the lines of Python that turn the object into what it was before; none where they cannot be written."""
    item, other = leftover.change.before, leftover.other_name
    if item is not None and other is not None:
        return (line_back(NAMES, item, other),)
    if leftover.upgraded is None:
        return ()  # what upgrade() leaves alone needs a line less, not one more
    own = (*_filled(leftover), *reverting(NAMES, leftover.change))
    if leftover.change.fate is Fate.CAME:
        first = [line for part in leftover.parts if part.fate is Fate.CHANGED for line in reverting(NAMES, part)]
        return (*first, *own)
    if not own:
        return own
    if leftover.change.fate is Fate.CHANGED:
        first = [line for part in leftover.parts if part.fate is Fate.WENT for line in _of_sequence(part)]
        last = [line for part in leftover.parts if part.fate is Fate.CAME for line in _of_sequence(part)]
        owners = [owned(NAMES, part.before) for part in leftover.parts if part.before is not None and first]
        return (*first, *own, *owners, *last)
    parts = [part for part in leftover.parts if part.key.kind != "sequence"]
    return (*own, *(line for part in parts for line in reverting(NAMES, part)))


def _filled(leftover: Leftover) -> Iterator[str]:
    """Yield what NOT NULL needs in a column that comes back empty."""
    before, after = leftover.change.before, leftover.change.after
    if before is None or after is None or before.kind != "column" or leftover.upgraded is None:
        return
    if before.attributes["not_null"] and not after.attributes["not_null"] and leftover.upgraded.after is None:
        yield f"# First give the rows of {before.table} a value: NOT NULL refuses those without"


def _of_sequence(part: ObjectChange) -> tuple[str, ...]:
    """Return the lines for the sequence of a column; that of an identity comes and goes with it."""
    return () if item_of(part).attributes["identity"] else reverting(NAMES, part)


def _finding(subject: UndoneRevision, leftover: Leftover) -> Finding:
    change, item = leftover.change, item_of(leftover.change)
    parts, lines = differences(change), lines_for(leftover)
    swap = _is_enum_value_left(change, parts)
    lost = change.fate is Fate.WENT or any(part.fate is not Left.LEFT for part in parts)
    title = SWAP if swap else TITLE
    return Finding(
        rule="downgrade-loses" if lost else "downgrade-leaves",
        severity=subject.severity(Severity.WARNING),
        message=_message(subject, leftover, parts),
        why=WHY,
        remedy=_remedy(subject, leftover, swap, bool(lines)),
        path=subject.path,
        line=subject.line,
        revision=subject.revision.id,
        old=subject.is_old,
        object=object_of(item),
        evidence=tuple(_evidence(leftover)),
        fixes=(Snippet(title=title, text="\n".join(lines), language="python", path=subject.path, folded=swap),)
        if lines
        else (),
        problem=subject.problem,
    )


def _is_enum_value_left(change: ObjectChange, parts: Sequence[ChangedPart]) -> bool:
    return change.key.kind == "enum" and "values" in change.attributes and all(p.fate is Left.LEFT for p in parts)


def _message(subject: UndoneRevision, leftover: Leftover, parts: Sequence[ChangedPart]) -> str:
    change, item = leftover.change, item_of(leftover.change)
    does = f"downgrade() of revision {subject.revision.id}"
    if leftover.other_name is not None:
        return f"{does} leaves {described(item)} {new_place(item, leftover.other_name)}."
    named = [described(item_of(part)) for part in leftover.parts if part.fate is not Fate.CHANGED]
    with_parts = f", with {joined(named)}" if named else ""
    if change.fate is Fate.CAME:
        verb = "leaves" if leftover.upgraded is not None else "creates"
        return (
            f"{does} {verb} {described(item)}{with_parts}{'' if leftover.upgraded else ', which was not there before'}."
        )
    if change.fate is Fate.WENT:
        if leftover.upgraded is None:
            return f"{does} drops {described(item)}{with_parts}, which the schema had before the upgrade."
        return f"{does} does not restore {described(item)}{with_parts}."
    left = [part.text for part in parts if part.fate is Left.LEFT]
    lost = [part.text for part in parts if part.fate is not Left.LEFT]
    whole, privileges = whose(item), all(text.startswith(PRIVILEGES) for text in lost)
    usual = "in" if item.kind == "enum" and "values" in change.attributes else "on"
    preposition = _PREPOSITIONS.get(item.kind, usual)
    leaves = f"leaves {joined(left)} {preposition} {whole}"
    if not lost:
        return f"{does} {leaves}."
    restores = f"does not restore {joined(lost)} {preposition if privileges else 'of'} {whole}"
    return f"{does} {restores}, and leaves {joined(left)}." if left else f"{does} {restores}."


def _remedy(subject: UndoneRevision, leftover: Leftover, swap: bool, has_lines: bool) -> str:
    if swap:
        return (
            "Say in a comment in downgrade() that the enum value cannot be removed: PostgreSQL has no statement for "
            "that. Or replace the type."
        )
    if has_lines:
        return f"Add the missing lines to downgrade() of revision {subject.revision.id}."
    if leftover.upgraded is None and leftover.other_name is None:
        verb = _VERBS[leftover.change.fate]
        return f"Remove from downgrade() what {verb} {described(item_of(leftover.change))}: upgrade() did not touch it."
    return f"Restore {described(item_of(leftover.change))} in downgrade() of revision {subject.revision.id}."


def _evidence(leftover: Leftover) -> Iterator[Snippet]:
    change = leftover.change
    if change.fate is not Fate.CHANGED:
        return
    lines = []
    for name, (old, new) in change.attributes.items():
        if name in ("columns", "expression", "named_type", "sequence", "of_table"):
            continue
        lines.append(f"{name.replace('_', ' ')}: {_value(old)} before the upgrade, {_value(new)} after the downgrade")
    yield Snippet(title="Difference", text="\n".join(lines))


def _value(value: object) -> str:
    if value is None or value == "":
        return "not set"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
