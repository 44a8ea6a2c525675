"""Write the statements of a revision as SQL that can be copied: literals in place of placeholders, and few rows."""

from __future__ import annotations

import re
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from .closely import rows_of
from .sql_literals import literal

ROWS = 5
"""Rows that are shown of one statement."""
_STATEMENT, _REVISION = 12_000, 400_000
"""Characters of a statement, and of all statements of a revision, that are sent."""
_SCANNED = 1_000_000
"""Characters up to which a statement is looked into."""
_FORMATTED = ("pyformat", "format")
# What the drivers replace, wherever it stands: they do not read SQL.
_FORMAT = re.compile(r"%\((?P<name>[^)]*)\)s|%(?P<one>[s%])")
# What the server replaces: not within texts, names and comments.
_SKIPPED = r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|\$(?P<tag>[^\W\d]?\w*)\$.*?\$(?P=tag)\$"
_NUMBERED = re.compile(_SKIPPED + r"|\$(?P<number>\d+)", re.DOTALL)
_VALUES = re.compile(_SKIPPED + r"|\bVALUES\s*(?=\()", re.DOTALL | re.IGNORECASE)
_PARENTHESIS = re.compile(_SKIPPED + r"|(?P<edge>[()])", re.DOTALL)


class Shown(NamedTuple):
    """A statement as it can be copied."""

    statements: List[str]
    """One, or of many rows of parameters the first."""
    more: int
    """How many rows are not shown."""
    unwritten: int
    """How many placeholders are left, because their values have no literal."""


class Showing:
    """Shows the statements of one revision after the other, within limits."""

    def __init__(self) -> None:
        self._left = _REVISION

    def begin(self) -> None:
        """Start with a new revision."""
        self._left = _REVISION

    def of(self, sql: str, parameters: Any, many: bool, style: str) -> Optional[Shown]:
        """Return the statement; None where the revision has sent more than can be shown."""
        if self._left <= 0:
            return None
        try:
            return self._shown(sql, parameters, many, style)
        except Exception:  # a value of the project's own type can raise anything; the statement is sent all the same
            return None

    def _shown(self, sql: str, parameters: Any, many: bool, style: str) -> Shown:
        if len(sql) > _SCANNED:
            self._left -= _STATEMENT
            return Shown([_commented(sql)], 0, 0)
        short, more = few_rows(sql)
        rows = rows_of(parameters, many)
        found = [_filled(short, row, style) for row in rows[:ROWS] or [()]]
        statements = [text if len(text) <= _STATEMENT else _commented(text) for text, _ in found]
        self._left -= sum(map(len, statements))
        unseen = max(0, len(rows) - ROWS)
        return Shown(statements, more + unseen, max(unwritten for _, unwritten in found))


def few_rows(sql: str) -> Tuple[str, int]:
    """Return a statement with the first rows of its VALUES, and how many it has more."""
    start = next((match.end() for match in _VALUES.finditer(sql) if match.group()[:1] in "vV"), None)
    if start is None:
        return sql, 0
    depth = 0
    ends: List[int] = []
    for match in _PARENTHESIS.finditer(sql, start):
        if match["edge"] is None:
            continue
        if depth == 0 and sql[ends[-1] if ends else start : match.start()].strip() not in ("", ","):
            break  # behind the rows: ON CONFLICT (…)
        depth += 1 if match["edge"] == "(" else -1
        if depth < 0:
            break
        if depth == 0:
            ends.append(match.end())
    if len(ends) <= ROWS:
        return sql, 0
    return sql[: ends[ROWS - 1]] + sql[ends[-1] :], len(ends) - ROWS


def _filled(sql: str, row: Any, style: str) -> Tuple[str, int]:
    """Return a statement with its parameters, and how many of them have no literal."""
    named: Dict[str, Any] = dict(row) if hasattr(row, "items") else {}
    ordered: List[Any] = [] if named else list(row or ())
    left, used = 0, 0

    def value(match: re.Match[str], known: bool, found: Any) -> str:
        nonlocal left
        written = literal(found, in_list=style in _FORMATTED) if known else None
        if written is None:
            left += 1
        return match.group() if written is None else written

    def formatted(match: re.Match[str]) -> str:
        nonlocal used
        if match["one"] == "%":
            return "%"
        if match["name"] is not None:
            return value(match, match["name"] in named, named.get(match["name"]))
        used += 1
        return value(match, used <= len(ordered), ordered[used - 1] if used <= len(ordered) else None)

    def numbered(match: re.Match[str]) -> str:
        if match["number"] is None:
            return match.group()
        place = int(match["number"]) - 1
        return value(match, place < len(ordered), ordered[place] if place < len(ordered) else None)

    text = _FORMAT.sub(formatted, sql) if style in _FORMATTED else _NUMBERED.sub(numbered, sql)
    return text, left


def _commented(text: str) -> str:
    """Return the beginning of a statement that is too long, as comments: cut, it may end within a text."""
    more = len(text) - _STATEMENT
    lines = text[:_STATEMENT].splitlines()
    return "\n".join("-- " + line for line in (*lines, "… {:,} more characters".format(more)))
