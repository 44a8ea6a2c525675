"""Say in which parts an object differs from what it was before the upgrade."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from checks.comparison.definitions import source
from checks.comparison.privileges import lost_and_left, without
from checks.comparison.settings import column_of
from checks.recording.schema import Attribute, ObjectChange, SchemaObject
from checks.sql import literal

PRIVILEGES = "privileges"
"""The first word of a part that is what roles may do."""


class Left(enum.StrEnum):
    """What became of a part of an object after the downgrade."""

    LOST = "lost"
    LEFT = "left"
    OTHER = "other"
    """It is there as before, with another value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPart:
    """One part of an object that is not as before the upgrade."""

    name: str
    """The part in a sentence, such as ``NOT NULL`` or ``the type``."""
    fate: Left
    old: str = ""
    new: str = ""

    @property
    def text(self) -> str:
        """Return the part, with both values where it has two short ones."""
        short = self.fate is Left.OTHER and len(self.old) + len(self.new) <= 160 and "\n" not in self.old + self.new
        return f"{self.name} ({self.new or 'none'} instead of {self.old or 'none'})" if short else self.name


WORDS = {
    "row_security": "ROW LEVEL SECURITY",
    "force_row_security": "FORCE ROW LEVEL SECURITY",
    "not_null": "NOT NULL",
    "unique": "UNIQUE",
    "comment": "the comment",
    "collation": "the collation",
    "storage": "the storage",
    "tablespace": "the tablespace",
    "replica_identity": "the replica identity",
    "access_method": "the access method",
    "partition_key": "the partition key",
    "partition_bound": "the partition bound",
    "owned_by": "the owner column",
    "is_partition": "the place as a partition",
    "parents": "the inheritance",
    "options": "the options",
    "persistence": "the persistence",
    "clustered": "CLUSTER ON",
    "state": "the state",
    "statistics": "the statistics target",
    "compression": "the compression",
}
_DERIVED = {
    "column": {"named_type", "sequence", "sequence_max", "inherited", "generated_kind"},
    "constraint": {"columns", "expression", "validated", "no_inherit", "deferrable", "deferred", "inherited", "index"},
    "index": {"columns"},
    "table": {"is_partition"},
    "domain": {"check_names"},
    "statistics": {"of_table", "columns"},
}
"""Attributes that say again what another one says."""
_WITH_VALUE = {
    *("tablespace", "collation", "storage", "clustered", "state", "statistics", "compression", "replica_identity"),
}
"""Attributes that stand in a sentence with their value."""
_ENTRIES = {"options": "option"}
"""Lists whose entries are parts of their own, with the noun for one; those of a table are one part."""
_VALUE = {"default", "serial", "generated", "identity", "identity_options"}
_CLAUSES = re.compile(
    r" (?P<update>ON UPDATE (?:CASCADE|RESTRICT|SET NULL|SET DEFAULT))"
    r"| (?P<delete>ON DELETE (?:CASCADE|RESTRICT|(?:SET NULL|SET DEFAULT)(?: \([^)]*\))?))"
    r"| (?P<deferrable>DEFERRABLE(?: INITIALLY DEFERRED)?)| (?P<valid>NOT VALID)| (?P<enforced>NOT ENFORCED)"
)
_INDEX = re.compile(r"USING (?P<method>\w+) (?P<columns>.*?)(?: WHERE (?P<where>.*))?", re.DOTALL)


def differences(change: ObjectChange) -> tuple[ChangedPart, ...]:
    """Return the parts in which an object that is still there differs; none for one that came or went."""
    if change.before is None or change.after is None:
        return ()
    left_out = _DERIVED.get(change.key.kind, set())
    found: list[ChangedPart] = []
    for name, (old, new) in change.attributes.items():
        special = _SPECIAL.get((change.key.kind, name)) or _LISTED.get(name)
        if special is not None:
            found.extend(special(change.before, change.after))
        elif name in _ENTRIES and change.key.kind != "table":
            found.extend(_each(old, new, f"{_ENTRIES[name]} {{}}".format))
        elif name not in left_out and not (change.key.kind == "column" and name in _VALUE):
            found.append(_plain(name, old, new))
    if change.key.kind == "column":
        found.extend(_value(change.before, change.after))
    return tuple(found)


def _plain(name: str, old: Attribute, new: Attribute) -> ChangedPart:
    word = WORDS.get(name, f"the {name.replace('_', ' ')}")
    unset = [value is None or value is False or value in ("", ()) for value in (old, new)]
    if any(unset):
        value = _shown(old if unset[1] else new)
        with_value = f"{word} {value}" if value and name in _WITH_VALUE else word
        return ChangedPart(name=with_value, fate=Left.LEFT if unset[0] else Left.LOST, old=_shown(old), new=_shown(new))
    return ChangedPart(name=word, fate=Left.OTHER, old=_shown(old), new=_shown(new))


def _shown(value: Attribute) -> str:
    if value is None or isinstance(value, bool):
        return ""
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _value(before: SchemaObject, after: SchemaObject) -> Iterator[ChangedPart]:
    """Yield the difference in where the value of a column comes from that an INSERT omits."""
    (kind, old), (other, new) = source(before), source(after)
    if (kind, old) == (other, new):
        return
    if old is None or new is None:
        word = kind or other
        text = f"the default {old or new}" if word == "default" else f"{word} ({old or new})"
        yield ChangedPart(name=text, fate=Left.LEFT if old is None else Left.LOST, old=old or "", new=new or "")
        return
    yield ChangedPart(name="the default", fate=Left.OTHER, old=old, new=new)


def _constraint(before: SchemaObject, after: SchemaObject) -> Iterator[ChangedPart]:
    old, new = str(before.attributes["definition"]), str(after.attributes["definition"])
    (base, clauses), (other_base, other_clauses) = _split(old), _split(new)
    if base != other_base:
        yield ChangedPart(name="the definition", fate=Left.OTHER, old=base, new=other_base)
    for name in dict.fromkeys((*clauses, *other_clauses)):
        lost, left = clauses.get(name, ""), other_clauses.get(name, "")
        if lost != left:
            fate = Left.LOST if not left else Left.LEFT if not lost else Left.OTHER
            yield ChangedPart(name=lost or left, fate=fate, old=lost, new=left)


def _split(definition: str) -> tuple[str, dict[str, str]]:
    """Return a definition of a constraint without its clauses, and these by name."""
    clauses = {str(found.lastgroup): str(found[str(found.lastgroup)]) for found in _CLAUSES.finditer(definition)}
    return _CLAUSES.sub("", definition), clauses


def _index(before: SchemaObject, after: SchemaObject) -> Iterator[ChangedPart]:
    old, new = (_INDEX.fullmatch(str(item.attributes["definition"])) for item in (before, after))
    if old is None or new is None:
        yield ChangedPart(name="the definition", fate=Left.OTHER)
        return
    if old["method"] != new["method"]:
        yield ChangedPart(name="the index method", fate=Left.OTHER, old=old["method"], new=new["method"])
    if old["columns"] != new["columns"]:
        yield ChangedPart(name="the columns", fate=Left.OTHER, old=old["columns"], new=new["columns"])
    if old["where"] != new["where"]:
        fate = Left.LOST if not new["where"] else Left.LEFT if not old["where"] else Left.OTHER
        text = "WHERE" if fate is Left.OTHER else f"WHERE {old['where'] or new['where']}"
        yield ChangedPart(name=text, fate=fate, old=old["where"] or "", new=new["where"] or "")


def _values(before: SchemaObject, after: SchemaObject) -> Iterator[ChangedPart]:
    yield from _each(before.attributes["values"], after.attributes["values"], lambda value: f"value {literal(value)}")


def _privileges(before: SchemaObject, after: SchemaObject) -> Iterator[ChangedPart]:
    old, new = (tuple(str(item.attributes["definition"]).split(", ")) for item in (before, after))
    yield from _each(old, new, str)


def _differing_privileges(before: SchemaObject, after: SchemaObject) -> Iterator[ChangedPart]:
    lost, left = lost_and_left(before.attributes.get("privileges"), after.attributes.get("privileges"))
    yield from (ChangedPart(name=f"{PRIVILEGES} {one}", fate=Left.LOST) for one in lost)
    yield from (ChangedPart(name=f"{PRIVILEGES} {one}", fate=Left.LEFT) for one in left)


def _column_comments(before: SchemaObject, after: SchemaObject) -> Iterator[ChangedPart]:
    old, new = (dict(_comments_of(item)) for item in (before, after))
    for column in dict.fromkeys((*old, *new)):
        lost, left = old.get(column, ""), new.get(column, "")
        if lost != left:
            fate = Left.LOST if not left else Left.LEFT if not lost else Left.OTHER
            yield ChangedPart(name=f"the comment of column {column}", fate=fate, old=lost, new=left)


def _comments_of(item: SchemaObject) -> Iterator[tuple[str, str]]:
    for entry in without(item.attributes.get("column_comments")):
        column = column_of(entry)
        yield column, entry.removeprefix(f"{column} IS ")


def _targets(before: SchemaObject, after: SchemaObject) -> Iterator[ChangedPart]:
    """Yield the columns of an index whose statistics target differs."""
    yield from _each(before.attributes["statistics"], after.attributes["statistics"], _target)


def _target(entry: str) -> str:
    number, _, target = entry.partition("=")
    return f"the statistics target {target} of column {number}"


def _storage(before: SchemaObject, after: SchemaObject) -> Iterator[ChangedPart]:
    texts = [str(item.attributes["storage"] or "").split(" in place of ") for item in (before, after)]
    old, new = (one[0] or other[-1] for one, other in (texts, texts[::-1]))  # the type's own where none is set
    yield ChangedPart(name="the storage", fate=Left.OTHER, old=old, new=new)


def _checks(before: SchemaObject, after: SchemaObject) -> Iterator[ChangedPart]:
    yield from _each(before.attributes["checks"], after.attributes["checks"], str)


def _each(old: Attribute, new: Attribute, named: Callable[[str], str]) -> Iterator[ChangedPart]:
    """Yield each member of a list that is lost or left; of the same members, that their order differs."""
    before, after = (value if isinstance(value, tuple) else () for value in (old, new))
    yield from (ChangedPart(name=named(one), fate=Left.LOST, old=one) for one in before if one not in after)
    yield from (ChangedPart(name=named(one), fate=Left.LEFT, new=one) for one in after if one not in before)
    if before and set(before) == set(after):
        yield ChangedPart(name="the order of the values", fate=Left.OTHER, old=", ".join(before), new=", ".join(after))


def _any_order(before: SchemaObject, after: SchemaObject) -> Iterator[ChangedPart]:
    """Yield the definition where it differs in more than the order of columns, which follows that of the tables."""
    old, new = (str(item.attributes["definition"]) for item in (before, after))
    if _sorted(before.kind, old) != _sorted(after.kind, new):
        yield _plain("definition", old, new)


def _sorted(kind: str, definition: str) -> tuple[list[str], str]:
    """Return the columns of a view or a composite type, sorted, and the rest."""
    if kind == "composite type":
        return sorted(definition.split(", ")), ""
    head, separator, rest = definition.partition("\n   FROM ")
    columns = head.strip().removeprefix("SELECT ").removesuffix(";")
    return sorted(line.strip().rstrip(",") for line in columns.split("\n")), separator + rest


def _valid(before: SchemaObject, after: SchemaObject) -> Iterator[ChangedPart]:
    fate = Left.LOST if before.attributes["valid"] else Left.OTHER
    yield ChangedPart(
        name="its validity (the index is INVALID)" if fate is Left.LOST else "the state INVALID", fate=fate
    )


_SPECIAL: dict[tuple[str, str], Callable[[SchemaObject, SchemaObject], Iterator[ChangedPart]]] = {
    ("constraint", "definition"): _constraint,
    ("index", "definition"): _index,
    ("index", "valid"): _valid,
    ("enum", "values"): _values,
    ("domain", "checks"): _checks,
    ("column", "storage"): _storage,
    ("index", "statistics"): _targets,
    ("grant", "definition"): _privileges,
    **{(kind, "definition"): _any_order for kind in ("view", "materialized view", "composite type")},
}
_LISTED: dict[str, Callable[[SchemaObject, SchemaObject], Iterator[ChangedPart]]] = {
    "privileges": _differing_privileges,
    "column_comments": _column_comments,
}
"""By attribute, whatever the kind is."""
