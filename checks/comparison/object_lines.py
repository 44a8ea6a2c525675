"""Write an object that differs between two databases as a line of text."""

from __future__ import annotations

from checks.recording.schema import Fate, ObjectChange

Places = tuple[str, str, str]
"""Where an object is ``before`` and ``after``, and the latter again in short."""
DATABASES: Places = ("in deployed databases", "in new databases", "in new ones")
DOWNGRADES: Places = ("after the old downgrade()", "after the new downgrade()", "after the new one")


def object_line(change: ObjectChange, places: Places = DATABASES) -> str:
    """Return an object with where it is: ``column public.book.isbn exists only in new databases``."""
    name, (old_place, new_place, short) = f"{change.key.kind} {'.'.join(change.key.path)}", places
    if change.fate is Fate.CAME:
        return f"{name} exists only {new_place}"
    if change.fate is Fate.WENT:
        return f"{name} exists only {old_place}"
    parts = (
        f"{attribute.replace('_', ' ')} is {_value(old)}, {short} {_value(new)}"
        for attribute, (old, new) in change.attributes.items()
    )
    return f"{name} differs: {old_place} {'; '.join(parts)}"


def _value(value: object) -> str:
    if value is None or value == "":
        return "not set"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
