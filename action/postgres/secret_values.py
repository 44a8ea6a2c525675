"""Hide values in SQL that are secret by the name of their column: passwords, tokens, keys of APIs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from action.postgres.sql_tokens import TOKEN, end_of_block

HIDDEN = "'***'"
_SECRET = re.compile(
    r"passw|passphrase|pwd|secret|token|credential|private_?key|api_?key|access_?key|encrypt\w*_?key|signing_?key",
    re.IGNORECASE,
)
_IN_URL = re.compile(r"(://[^:/@\s']*:)[^@/\s']+@")
_IN_JSON = re.compile(rf'("[^"]*(?:{_SECRET.pattern})[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"', re.IGNORECASE)
_TEXTS = ("escaped", "quoted", "dollar")
_TO = {"=", ":=", "<>", "to", "is", "like"}


@dataclass(frozen=True, slots=True)
class _Part:
    """A token of a statement, by its place."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        return self.text.strip('"').lower()


def masked(sql: str) -> str:
    """Return SQL with ``'***'`` in place of secret values, of URLs' passwords and of secrets in JSON."""
    parts = list(_parts(sql))
    hidden = {*_of_assignments(parts), *_of_inserts(parts)}
    text, position = [], 0
    for part in parts:
        if part.kind not in (*_TEXTS, "digits"):
            continue
        if part in hidden or part.kind != "digits":
            shown = HIDDEN if part in hidden else _IN_JSON.sub(r'\1"***"', _IN_URL.sub(r"\1***@", part.text))
            text += [sql[position : part.start], shown]
            position = part.end
    return "".join([*text, sql[position:]])


def _parts(sql: str) -> Iterator[_Part]:
    position = 0
    while (match := TOKEN.match(sql, position)) is not None:
        position, kind = match.end(), str(match.lastgroup)
        if match["block"]:
            position = end_of_block(sql, match.start())
            continue
        kind = next((name for name in ("dollar", "value") if match[name]), kind)
        if kind != "space":
            yield _Part(kind, match.group(), match.start(), match.end())


def _of_assignments(parts: Sequence[_Part]) -> Iterator[_Part]:
    """Yield the values of ``SET password = '…'``, ``token = '…'`` and ``CREATE ROLE … PASSWORD '…'``."""
    for at, part in enumerate(parts):
        if part.kind not in ("word", "name") or not _SECRET.search(part.word):
            continue
        follows = at + 1
        while follows < len(parts) and parts[follows].text.lower() in _TO:
            follows += 1
        if follows < len(parts) and parts[follows].kind in (*_TEXTS, "digits"):
            yield parts[follows]


def _of_inserts(parts: Sequence[_Part]) -> Iterator[_Part]:
    """Yield the values of secret columns in ``INSERT INTO … (columns) VALUES (…), (…)`` or ``SELECT …``."""
    for at, part in enumerate(parts):
        if part.word != "insert":
            continue
        start = next((i for i in range(at, len(parts)) if parts[i].text == "("), len(parts))
        columns, end = _list(parts, start + 1)
        secret = {place for place, names in enumerate(columns) if names and _SECRET.search(names[-1].word)}
        while secret and end < len(parts):
            if parts[end].text == "(" or parts[end].word == "select":
                values, end = _list(parts, end + 1)
                found = [part for place, item in enumerate(values) if place in secret for part in item]
                yield from (part for part in found if part.kind in (*_TEXTS, "digits"))
            else:
                end += 1


def _list(parts: Sequence[_Part], start: int) -> tuple[list[list[_Part]], int]:
    """Return the items of a list that starts there, and where it has ended."""
    items: list[list[_Part]] = [[]]
    depth, at = 0, start
    while at < len(parts):
        part = parts[at]
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(part.text, 0)
        if depth < 0 or (depth == 0 and part.word in ("from", "union", "returning", "on", ";")):
            break
        if depth == 0 and part.text == ",":
            items.append([])
        else:
            items[-1].append(part)
        at += 1
    return items, at
