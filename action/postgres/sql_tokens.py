"""Reads SQL as its tokens, without how it is written, and tells where the effect of a statement can be seen."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

Tokens = tuple[str, ...]

# As PostgreSQL's lexer (src/backend/parser/scan.l), with the placeholders of the drivers.
TOKEN = re.compile(
    r"""
      (?P<space> \s+ | --[^\n]* )
    | (?P<block> /\* )
    | (?P<escaped> [eE]'(?:[^'\\]|''|\\.)*' )
    | (?P<quoted> (?:[bBxXnN]|[uU]&)?'(?:[^']|'')*' )
    | (?P<name> (?:[uU]&)?"(?:[^"]|"")*" )
    | (?P<dollar> \$(?P<tag>(?:[^\W\d]\w*)?)\$(?P<body>.*?)\$(?P=tag)\$ )
    | (?P<value> %\((?P<key>[^)]*)\)s | %s | \$(?P<number>\d+) )
    | (?P<word> [^\W\d][\w$]* )
    | (?P<digits> \d[\w.]* )
    | (?P<percent> %% )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
"""One token; a group has its kind."""
_BLOCK_EDGE = re.compile(r"/\*|\*/")
_PLAIN_NAME = re.compile(r'"[a-z_][a-z0-9_$]*"')
_VALUES_BY_NAME = {"user", "current_user", "session_user", "current_date", "current_time", "current_timestamp", "null"}
"""Words that are no names without quotes, where a name could stand; the parser refuses the others."""
_BODIES = {"sql", "plpgsql", "'sql'", "'plpgsql'"}


class Effect(enum.Enum):
    """Where the effect of a statement can be seen."""

    NOTHING = enum.auto()
    """It reads the catalog."""
    SCHEMA = enum.auto()
    ROWS = enum.auto()
    """It adds the same rows to every database."""
    DATA = enum.auto()
    """It depends on rows that a database has."""
    READS = enum.auto()
    """It reads such rows: what the migration then does depends on them."""


def tokens(sql: str, values: Sequence[tuple[str, str]] = ()) -> Tokens:
    """Return a statement without comments, white space and case; ``values`` are the names and digests of parameters.

    A placeholder becomes the digest of its value, so that its own name does not count.
    """
    found = list(_tokens(sql, dict(values)))
    if _runs_body(found):
        found = [part for token in found for part in (_body(token) if token.startswith("$") else (token,))]
    while found and found[-1] == ";":
        found.pop()
    rest = sorted(digest for name, digest in values if name == "*")
    return (*found, *rest)


def _tokens(sql: str, values: Mapping[str, str]) -> Iterator[str]:
    position, used = 0, 0
    while (match := TOKEN.match(sql, position)) is not None:
        position, kind = match.end(), match.lastgroup
        if match["block"]:
            position = end_of_block(sql, match.start())
        elif match["value"]:
            name = match["key"] or (str(int(match["number"]) - 1) if match["number"] else str(used))
            used += 1
            yield f"={values.get(name, name)}"
        elif match["dollar"]:
            yield f"${match['body']}"
        elif match["name"]:
            yield _name(match["name"])
        elif kind == "word":
            yield match.group().lower()
        elif kind == "percent":
            yield "%"
        elif kind != "space":
            yield match.group()


def _name(quoted: str) -> str:
    bare = quoted.strip('"')
    return bare if _PLAIN_NAME.fullmatch(quoted) and bare not in _VALUES_BY_NAME else quoted


def end_of_block(sql: str, position: int) -> int:
    """Return where the comment that starts at ``position`` ends; comments nest."""
    depth = 0
    for edge in _BLOCK_EDGE.finditer(sql, position):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(sql)


def _runs_body(found: Sequence[str]) -> bool:
    """Tell whether the texts in dollars are code in which white space means nothing."""
    if "language" in found[:-1]:
        return found[found.index("language") + 1] in _BODIES
    return found[:1] == ["do"]


def _body(token: str) -> Iterator[str]:
    yield "$$"
    yield from _tokens(token[1:], {})
    yield "$$"


_DATA = {"update", "delete", "merge", "truncate", "copy", "call", "do", "execute"}
_QUERIES = {"select", "table", "values", "show", "explain", "("}
_CATALOGS = ("pg_", "information_schema")


def effect(statement: Tokens) -> Effect:
    """Return where the effect of a statement can be seen; DATA where that is not known."""
    first = next(iter(statement), "")
    if first == "with":
        writes = [word for word in ("update", "delete", "merge", "insert") if word in statement]
        return Effect.READS if "returning" in statement or not writes else Effect.DATA
    if first in _QUERIES:
        return _of_query(statement)
    if first == "insert":
        return Effect.DATA if {"select", "conflict", "table"} & set(statement) else Effect.ROWS
    if first in _DATA:
        return Effect.READS if "returning" in statement else Effect.DATA
    if first == "alter" and "using" in statement and "type" in statement:
        return Effect.DATA
    if statement[:2] == ("create", "table") and _follows(statement, "as", {"select", "with", "table", "values", "("}):
        return Effect.DATA
    return Effect.SCHEMA


def _of_query(statement: Tokens) -> Effect:
    if statement[:1] == ("show",):
        return Effect.NOTHING
    named = [statement[at + 1] for at, word in enumerate(statement[:-1]) if word in ("from", "join")]
    if not named:
        return Effect.NOTHING if all(word.startswith(_CATALOGS) for word in _called(statement)) else Effect.DATA
    return Effect.NOTHING if all(name.startswith(_CATALOGS) or name == "(" for name in named) else Effect.READS


def _called(statement: Tokens) -> list[str]:
    """Return the first parts of the names of the functions that a query calls."""
    names = []
    for at, word in enumerate(statement):
        if word == "(" and at and re.fullmatch(r"\w+", statement[at - 1]):
            start = at - 1
            while start >= 2 and statement[start - 1] == ".":
                start -= 2
            names.append(statement[start])
    return names


def _follows(statement: Tokens, word: str, others: set[str]) -> bool:
    return any(one == word and other in others for one, other in pairwise(statement))
