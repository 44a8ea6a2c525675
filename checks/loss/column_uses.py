"""Say which statements of the running release a dropped column breaks, by what the models of the base do with it."""

from __future__ import annotations

from collections.abc import Iterable

from checks.loss.judged_loss import dotted
from checks.plural import joined
from checks.recording.losses import ColumnUse, Dropped

_VERBS = {"SELECT": ("SELECT",), "INSERT": ("INSERT", "RETURNING"), "UPDATE": ("UPDATE",)}
"""The statements as a user knows them."""


def what_fails(one: Dropped, base: str) -> str:
    """Return which statements fail after a column is dropped that the models on ``base`` have, as sentences."""
    if not one.uses:
        return "Every statement of the running release that names the column fails after this migration."
    if not one.classes:
        return (
            f"The models on {base} have {dotted(one.schema, one.table)} as a Table that no class maps. A select() of "
            "the whole Table names the column, as do the statements that use it; they fail after this migration."
        )
    every = _statements(one.uses)
    s = "s" if every.count("every ") == 1 else ""
    if _owners(one.uses, "SELECT"):
        which = f"{every[0].upper()}{every[1:]}"
        return f"{which} in the running release name{s} the column, and fail{s} after this migration."
    failing = f"{every} name{s} it {_cause(one.uses)}, and fail{s} after this migration."
    mapped = _attributes(one.uses)
    if not mapped:
        return f"No attribute of the models on {base} maps the column. But {failing}"
    return (
        f"The running release maps {joined(mapped)} as deferred, so a SELECT leaves the column out. But {failing} "
        f"Access to {joined(mapped)} fails too."
    )


def what_reads(one: Dropped) -> str:
    """Return what still reads a column that no statement of the ORM names unless it is asked for: a sentence."""
    asked = f"asks for {joined(_attributes(one.uses))}" if _attributes(one.uses) else "names it"
    return (
        f"SELECT and INSERT of {_classes(one.classes)} leave the column out. Only code of the running release that "
        f"{asked} fails after this migration."
    )


def is_deferred(one: Dropped) -> bool:
    """Return whether an attribute maps a column that no statement names unless it is asked for."""
    return bool(_attributes(one.uses))


def first_release(one: Dropped) -> str:
    """Return what the release before the drop has to do, after a colon."""
    if one.uses and not one.classes:
        return f"remove {one.name} from the Table, without a migration."
    steps = []
    if not one.uses or any(use.attribute and use.statements for use in one.uses):
        steps.append(
            f"map {one.name} as deferred with a server default and eager_defaults=False, or remove it from the model"
        )
    others = [use for use in one.uses if not use.attribute]
    if filled := [name for name, verb in (("default", "INSERT"), ("onupdate", "UPDATE")) if _owners(others, verb)]:
        steps.append(f"remove its {joined(filled)} in Python")
    if readers := _owners(others, "SELECT"):
        steps.append(f"remove it from each column_property of {_classes(readers)}")
    return f"{'; '.join(steps)}."


def _statements(uses: Iterable[ColumnUse]) -> str:
    """Return such as ``every SELECT and INSERT of class Book``."""
    by_verbs: dict[tuple[str, ...], list[str]] = {}
    uses = tuple(uses)
    for owner in dict.fromkeys(use.owner for use in uses):
        verbs = tuple(verb for verb in _VERBS if owner in _owners(uses, verb))
        if verbs:
            by_verbs.setdefault(verbs, []).append(owner)
    return joined([f"every {joined(verbs)} of {_classes(owners)}" for verbs, owners in by_verbs.items()])


def _owners(uses: Iterable[ColumnUse], verb: str) -> list[str]:
    """Return the classes whose statements of one kind name the column."""
    return list(dict.fromkeys(use.owner for use in uses if set(use.statements) & set(_VERBS[verb])))


def _cause(uses: Iterable[ColumnUse]) -> str:
    """Return why a statement names a column that nobody asks for."""
    uses = tuple(uses)
    if any("INSERT" in use.statements and use.attribute for use in uses):
        return "because the column has no server default"
    if any("INSERT" in use.statements for use in uses):
        return "because the column has a default in Python"
    if any("RETURNING" in use.statements for use in uses):
        return "to return its server default (eager_defaults)"
    return "because of its onupdate"


def _attributes(uses: Iterable[ColumnUse]) -> list[str]:
    return [f"{use.owner}.{use.attribute}" for use in uses if use.owner and use.attribute]


def _classes(names: Iterable[str]) -> str:
    found = tuple(names)
    return f"class {found[0]}" if len(found) == 1 else f"classes {joined(found)}"
