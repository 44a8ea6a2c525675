"""Which statement of a revision removed an object or its rows, by the kind of the statement and the names in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from action.postgres.sql_tokens import Tokens, tokens
from checks.recording.legs import Statement

_CONSTANT = {
    "true",
    "(",
    ")",
    "=",
    "and",
    "or",
    "1",
    "0",
    "null",
    "is",
    "not",
    "'1'",
    "'t'",
    "'true'",
    "bool",
    "boolean",
}
"""What a condition is made of that names no column."""


@dataclass(frozen=True, slots=True)
class SentTokens:
    """The statements of a revision, read as tokens."""

    statements: Sequence[Statement]
    calls_deleting: bool = False
    """Whether a function that they call may delete rows."""
    read: list[Tokens] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the statements."""
        self.read.extend(_bare(tokens(statement.sql)) for statement in self.statements)

    @property
    def words(self) -> set[str]:
        """Return all words of all statements."""
        return {word for read in self.read for word in read}

    def names(self, name: str) -> set[str]:
        """Return a relation's name with those that the statements give it, and had it before."""
        known = {name}
        for read in self.read:
            for at, word in enumerate(read):
                if word == "rename" and read[at + 1 : at + 2] == ("to",) and len(read) > at + 2:
                    old, new = set(read[2:at]), read[at + 2]
                    if old & known:
                        known.add(new)
        return known

    def of(self, verbs: Collection[str], *names: str) -> Statement | None:
        """Return the first statement with one of the verbs and all of the names, or those that were given to them.

        ALTER drops a part of an object, so it is not the one for an object that is named alone.
        """
        wanted = [self.names(name) for name in names]
        for statement, read in zip(self.statements, self.read, strict=True):
            words = set(read)
            if len(names) == 1 and "drop" in verbs and read[:1] == ("alter",):
                continue
            if words & set(verbs) and all(words & known for known in wanted):
                return statement
        return None

    def using(self, statement: Statement, column: str) -> set[str] | None:
        """Return the words of the USING by which a statement converts a column; None where it has none."""
        read = self.read[list(self.statements).index(statement)]
        known = self.names(column)
        starts = [at for at, word in enumerate(read) if word == "type" and set(read[max(at - 3, 0) : at]) & known]
        for at in starts:
            action = read[at : next((end for end, pair in _actions(read) if end > at and pair), len(read))]
            if "using" in action:
                return set(action[action.index("using") + 1 :])
        return None

    def may_copy(self, *names: str) -> bool:
        """Return whether a statement may copy the rows of a table, or the values of a column of it, to elsewhere."""
        known = [self.names(name) for name in names]
        copying = {"insert", "update", "merge", "select", "copy", "table"}
        return self.is_opaque or any(
            all(words & each for each in known)
            and (
                (words & copying and read[:1] not in _KEEPS_ROWS_THERE) or (read[:1] == ("alter",) and "using" in words)
            )
            for read, words in ((read, set(read)) for read in self.read)
        )

    def may_refill(self, name: str) -> bool:
        """Return whether a statement may put rows into a table, or have put its rows elsewhere."""
        known = self.names(name)
        return any(set(read) & known and {"insert", "copy", "select", "merge"} & set(read) for read in self.read)

    @property
    def may_delete(self) -> bool:
        """Return whether rows of a table may be deleted."""
        return self.is_opaque or any(True for _ in self.deletions())

    @property
    def called(self) -> set[str]:
        """Return the names of functions that the statements call, whose code is not in them."""
        return {name for read in self.read for name in _called(read)}

    @property
    def is_opaque(self) -> bool:
        """Return whether a statement deletes rows by code that is not in it, or is put together as it runs."""
        return self.calls_deleting or any(map(_deletes_by_text, self.read))

    def deletions(self) -> Iterator[Deletion]:
        """Yield every DELETE and TRUNCATE that stands in a statement, also in the body of a DO."""
        for statement, read in zip(self.statements, self.read, strict=True):
            for at, word in enumerate(read if not _defines(read) else ()):
                if word == "truncate" and read[at - 1 : at] not in (("before",), ("after",), ("or",), ("on",), (",",)):
                    for name in _truncated(read[at + 1 :]):
                        yield Deletion(name, statement, is_conditional=False)
                elif word == "delete" and read[at + 1 : at + 2] == ("from",):
                    rest = [part for part in read[at + 2 :] if part != "only"]
                    yield Deletion(_last_name(rest), statement, is_conditional=_has_condition(rest))
                elif word == "merge" and "delete" in read:
                    yield Deletion(_last_name([part for part in read[at + 2 :] if part != "only"]), statement, True)


_KEEPS_ROWS_THERE = (("alter",), ("drop",), ("comment",), ("lock",), ("truncate",))
"""How statements begin that name a table and copy nothing, but for the USING of ALTER."""


def _actions(read: Tokens) -> Iterator[tuple[int, bool]]:
    """Yield each comma of an ALTER TABLE, with whether another action begins behind it."""
    for at, (one, other) in enumerate(pairwise(read)):
        if one == ",":
            yield at, other in ("alter", "add", "drop")


@dataclass(frozen=True, slots=True)
class Deletion:
    """A DELETE, TRUNCATE or MERGE."""

    table: str
    """Without its schema."""
    statement: Statement
    is_conditional: bool


def _bare(read: Tokens) -> Tokens:
    """Return the tokens with names as the catalog has them."""
    return tuple(
        word[1:-1].replace('""', '"') if len(word) > 1 and word[0] == word[-1] == '"' else word for word in read
    )


def _defines(read: Tokens) -> bool:
    """Return whether a statement has code that runs later, or names what may be done."""
    later = {"function", "procedure", "trigger", "rule", "policy"} & set(read[:5])
    return read[:1] in (("grant",), ("revoke",)) or (read[:1] in (("create",), ("drop",), ("alter",)) and bool(later))


def _called(read: Tokens) -> set[str]:
    if _defines(read) or read[:1] in (("insert",), ("update",), ("alter",), ("create",), ("drop",)):
        return set()
    return {one for one, other in pairwise(read) if other == "(" and one.isidentifier()}


def _deletes_by_text(read: Tokens) -> bool:
    """Return whether a DO executes a text that deletes rows."""
    texts = " ".join(word for word in read if word[:1] in ("'", "$") or word[:2] == "e'").lower()
    return read[:1] == ("do",) and "execute" in read and ("delete" in texts or "truncate" in texts)


def _truncated(rest: Sequence[str]) -> Iterator[str]:
    """Yield the tables of a TRUNCATE."""
    rest = [part for part in rest if part not in ("table", "only")]
    while rest:
        yield _last_name(rest)
        while rest and rest[0] not in (",", ";", "cascade", "restrict", "restart", "continue"):
            rest = rest[1:]
        if rest[:1] != [","]:
            return
        rest = rest[1:]


def _last_name(rest: Sequence[str]) -> str:
    """Return the last part of the name that the tokens begin with."""
    at = 0
    while rest[at + 1 : at + 2] == ["."] or rest[at + 1 : at + 2] == (".",):
        at += 2
    return rest[at] if at < len(rest) else ""


def _has_condition(rest: Sequence[str]) -> bool:
    """Return whether a DELETE has a condition that names something."""
    end = next((at for at, word in enumerate(rest) if word in (";", "$$")), len(rest))
    own = list(rest[:end])
    if "where" not in own:
        return False
    condition = own[own.index("where") + 1 :]
    condition = condition[: condition.index("returning")] if "returning" in condition else condition
    return not set(condition) <= _CONSTANT


def related(own: Sequence[Statement], earlier: Sequence[Statement], names: Collection[str]) -> list[Statement]:
    """Return the statements of a revision, after those of earlier ones that name one of some tables."""
    wanted = set(names)
    return [one for one in earlier if wanted & set(_bare(tokens(one.sql)))] + list(own)
