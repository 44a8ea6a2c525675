"""Reads access control lists as the catalog has them, and says in what they differ from the built-in privileges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from checks.sql import identifier

_ITEM = re.compile(r'(?P<role>"(?:[^"]|"")*"|[^="]*)=(?P<letters>[a-zA-Z*]*)/.*', re.DOTALL)
_LETTER = re.compile(r"([a-zA-Z])(\*?)")
_PRIVILEGES = {
    "r": "SELECT",
    "w": "UPDATE",
    "a": "INSERT",
    "x": "REFERENCES",
    "X": "EXECUTE",
    "U": "USAGE",
    "C": "CREATE",
    "d": "DELETE",
    "D": "TRUNCATE",
    "t": "TRIGGER",
    "m": "MAINTAIN",
}
_BUILT_IN = {"FUNCTIONS": "EXECUTE", "TYPES": "USAGE"}
"""What PUBLIC may do with new objects; nothing with those of any other kind."""
_OBJECTS = {
    **dict.fromkeys(("function", "procedure", "aggregate"), "FUNCTIONS"),
    **dict.fromkeys(("enum", "domain", "composite type", "range type"), "TYPES"),
}


def privileges(acl: Sequence[str] | None, kind: str, *, adds: bool = False) -> tuple[str, ...] | None:
    """Return in what privileges differ from the built-in ones: ``GRANT USAGE TO app``, ``REVOKE EXECUTE FROM PUBLIC``.

    ``acl`` begins with the owner, whose own privileges are left out. ``kind`` is that of the object, or that of new
    objects as ``ALTER DEFAULT PRIVILEGES`` has it; ``adds`` says that the list is added to the built-in privileges.
    """
    if acl is None:
        return None
    owner, found = acl[0], set()
    for role, privilege, option in (one for item in acl[1:] for one in _granted(item)):
        if role != owner:
            found.add(f"GRANT {privilege} TO {_written(role)}{option}")
    built_in = None if adds else _BUILT_IN.get(_OBJECTS.get(kind, kind))
    if built_in is not None:
        found ^= {f"GRANT {built_in} TO PUBLIC"}
        if f"GRANT {built_in} TO PUBLIC" in found:  # it was not in the list
            found ^= {f"GRANT {built_in} TO PUBLIC", f"REVOKE {built_in} FROM PUBLIC"}
    return tuple(sorted(found)) or None


def of_columns(acls: dict[str, Sequence[str]] | None) -> tuple[str, ...] | None:
    """Return the privileges of the columns of a view: ``GRANT SELECT (title) TO app``."""
    found = [
        one.replace(" TO ", f" ({identifier(name)}) TO ", 1)
        for name, acl in (acls or {}).items()
        for one in privileges(acl, "column") or ()
    ]
    return tuple(sorted(found)) or None


def _granted(item: str) -> Iterator[tuple[str, str, str]]:
    """Yield the role (empty for PUBLIC), the privilege, and the grant option of each letter of an item."""
    parts = _ITEM.fullmatch(item)
    if parts is None:
        return
    role = parts["role"]
    role = role[1:-1].replace('""', '"') if role.startswith('"') else role
    for letter, star in _LETTER.findall(parts["letters"]):
        if letter in _PRIVILEGES:
            yield role, _PRIVILEGES[letter], " WITH GRANT OPTION" if star else ""


def _written(role: str) -> str:
    return identifier(role) if role else "PUBLIC"
