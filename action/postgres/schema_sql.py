"""Split the text of a plain pg_dump into statements, as psql does, without psql."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from action.postgres.schema_error import SchemaFileError

# Comments, quotes and words, as in psql's own lexer (src/fe_utils/psqlscan.l). An opening that nothing closes: last.
_TOKEN = re.compile(
    r"""
      (?P<comment> --[^\n]* )
    | (?P<block> /\* )
    | (?P<quoted> [eE]'(?:[^'\\]|''|\\.)*' | '(?:[^']|'')*' | "(?:[^"]|"")*" )
    | (?P<dollar> \$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$ )
    | (?P<word> [^\W\d][\w$]* )
    | (?P<open> \( )
    | (?P<close> \) )
    | (?P<end> ; )
    | (?P<command> ^\\[^\n]* )
    | (?P<unclosed> ['"] | \$(?:[^\W\d]\w*)?\$ )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_BLOCK_EDGE = re.compile(r"/\*|\*/")
_COPY = re.compile(r"COPY\b.*\bFROM\s+STDIN\b", re.IGNORECASE | re.DOTALL)
_END_OF_DATA = re.compile(r"^\\\.\r?$", re.MULTILINE)
_ROUTINE = re.compile(r"create (or replace )?(function|procedure)\b")
_ELSEWHERE = {"connect", "c", "i", "ir", "include", "include_relative", "copy", "if", "gexec"}
"""Commands of psql without which the rest of the file would mean something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlStatement:
    """One statement of the file."""

    sql: str
    line: int
    """Where it starts, counted from 1."""
    data: str | None = None
    """The rows of ``COPY … FROM stdin``; None for any other statement."""


@dataclass(slots=True)
class _Open:
    """The statement that is being read."""

    start: int | None = None
    words: list[str] = field(default_factory=list)
    """The first words, in lower case."""
    parentheses: int = 0
    blocks: int = 0
    """``BEGIN ATOMIC … END`` of a function, and ``CASE … END`` in it."""

    def word(self, word: str) -> None:
        if len(self.words) < 4:
            self.words.append(word)
        if self.parentheses == 0 and _ROUTINE.match(" ".join(self.words)):
            self.blocks += word == "begin" or (word == "case" and self.blocks > 0)
            self.blocks -= word == "end" and self.blocks > 0

    @property
    def ends(self) -> bool:
        return self.parentheses <= 0 and self.blocks == 0


def split(text: str) -> Iterator[SqlStatement]:
    """Yield the statements of a plain dump; raises SchemaFileError for what only psql can run, or that never ends."""
    position, line, counted, now = 0, 1, 0, _Open()
    while (token := _TOKEN.search(text, position)) is not None:
        kind, position = token.lastgroup, token.end()
        if kind == "tag":
            kind = "dollar"
        if kind == "command" and now.start is None:
            _refuse_command(token.group(), _line(text, token.start()))
        elif kind == "block":
            position = _end_of_block(text, token.start())
        elif kind == "unclosed":
            raise SchemaFileError(f"line {_line(text, token.start())} has a quote that is never closed")
        elif kind == "end" and now.ends:
            if now.start is not None:
                line += text.count("\n", counted, now.start)
                counted = now.start
                sql = text[now.start : token.start()]
                data, position = _data(text, sql, position)
                yield SqlStatement(sql=sql, line=line, data=data)
            now = _Open()
        elif kind not in ("comment", "command", "end"):
            now.start = token.start() if now.start is None else now.start
            _take(now, str(kind), token.group())
    if now.start is not None:
        raise SchemaFileError(f"the statement in line {_line(text, now.start)} never ends: the file is incomplete")


def _take(now: _Open, kind: str, text: str) -> None:
    if kind == "word":
        now.word(text.lower())
    now.parentheses += (kind == "open") - (kind == "close")


def _data(text: str, sql: str, position: int) -> tuple[str | None, int]:
    """Return the rows after ``COPY … FROM stdin;`` and where they end; (None, position) for any other statement."""
    if not _COPY.match(sql):
        return None, position
    start = text.find("\n", position) + 1
    end = _END_OF_DATA.search(text, start)
    if start == 0 or end is None:
        raise SchemaFileError(f"the rows after line {_line(text, position)} never end: the file is incomplete")
    return text[start : end.start()], end.end()


def _end_of_block(text: str, position: int) -> int:
    """Return where a comment ends that may hold others."""
    depth = 0
    for edge in _BLOCK_EDGE.finditer(text, position):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    raise SchemaFileError(f"line {_line(text, position)} has a comment that is never closed")


def _refuse_command(text: str, line: int) -> None:
    name = re.split(r"[^\w]", text[1:], maxsplit=1)[0]
    if name in _ELSEWHERE:
        raise SchemaFileError(
            f"line {line} has the psql command {text.strip()[:60]}",
            remedy="Dump one database with plain pg_dump, without --create and not with pg_dumpall.",
        )


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
