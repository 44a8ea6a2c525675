"""Name the privileges on an object that differ from the built-in ones, and write the lines that give or take them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.recording.schema import Attribute
from checks.sql import execute

_ENTRY = re.compile(
    r"(?P<verb>GRANT|REVOKE) (?P<privilege>[A-Z]+)(?: \((?P<column>\w+|\"(?:[^\"]|\"\")+\")\))?"
    r" (?:TO|FROM) (?P<role>.+?)(?P<option> WITH GRANT OPTION)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A role that may do something, or may not, on an object or a column of it, and whether it may grant that."""

    verb: str
    role: str
    column: str | None
    option: str


def named(entries: Iterable[str]) -> list[str]:
    """Return privileges in words, those of one role at once: ``SELECT, UPDATE of role app``."""
    words = []
    for holder, found in _by_holder(entries).items():
        column = f" ({holder.column})" if holder.column else ""
        words.append(f"{', '.join(found)}{column}{holder.option} of {role_named(holder.role)}")
    return words


def lost_and_left(old: Attribute, new: Attribute) -> tuple[list[str], list[str]]:
    """Return the privileges that are there no more and those that are there now, in words."""
    gone, come = (without(one, other) for one, other in ((old, new), (new, old)))
    lost = [*_granted(gone, "GRANT"), *_granted(come, "REVOKE")]
    left = [*_granted(come, "GRANT"), *_granted(gone, "REVOKE")]
    return named(lost), named(left)


def lines(subject: str, wanted: Attribute, found: Attribute, *, before: str = "", column: str = "") -> Iterator[str]:
    """Yield the lines that make ``wanted`` of ``found``; ``before`` stands before GRANT or REVOKE.

    ``column`` is the column of a table, as SQL, that the privileges are on.
    """
    for undoes, entries in ((True, without(found, wanted)), (False, without(wanted, found))):
        for holder, privileges in _by_holder(entries).items():
            grants = (holder.verb == "GRANT") is not undoes
            columns = f" ({holder.column or column})" if holder.column or column else ""
            word, preposition = ("GRANT", "TO") if grants else ("REVOKE", "FROM")
            end = holder.option if grants else ""
            what = ", ".join(f"{privilege}{columns}" for privilege in privileges)
            yield execute(f"{before}{word} {what} ON {subject} {preposition} {holder.role}{end}")


def without(entries: Attribute, others: Attribute = ()) -> list[str]:
    """Return the entries of a list that another list has not; none where they are not set."""
    known = others if isinstance(others, tuple) else ()
    return [entry for entry in (entries if isinstance(entries, tuple) else ()) if entry not in known]


def _granted(entries: Iterable[str], verb: str) -> list[str]:
    return [entry for entry in entries if entry.startswith(verb)]


def _by_holder(entries: Iterable[str]) -> dict[Holder, list[str]]:
    found: dict[Holder, list[str]] = {}
    for entry in entries:
        parts = _ENTRY.fullmatch(entry)
        if parts is not None:
            holder = Holder(parts["verb"], parts["role"], parts["column"], parts["option"] or "")
            found.setdefault(holder, []).append(parts["privilege"])
    return found


def role_named(role: str) -> str:
    """Return a role in a sentence."""
    return "PUBLIC" if role == "PUBLIC" else f"role {role}"
