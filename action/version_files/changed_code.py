"""Finds which statements of a version file's functions an edit concerns, so that one can see whether they ran."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from action.version_files.meaning import Part

_PAST_SQLALCHEMY = {
    *("cursor", "raw_connection", "driver_connection", "dbapi_connection", "copy_expert", "copy_from", "subprocess"),
    *("psycopg", "psycopg2", "asyncpg", "pg8000"),
}


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one statement; of one that holds others, those of its head."""

    first: int
    last: int

    def ran(self, lines: Collection[int]) -> bool:
        """Return whether any of them is among the lines that ran."""
        return any(line in lines for line in range(self.first, self.last + 1))


@dataclass(frozen=True, slots=True)
class _Unit:
    text: str
    lines: Lines | None
    names: frozenset[str]


def changed_code(old: Part, new: Part) -> tuple[list[Lines], list[Lines]]:
    """Return the statements of the functions of either version that the other lacks, or that use what has changed."""
    before, after = _units(old), _units(new)
    matcher = difflib.SequenceMatcher(None, [unit.text for unit in before], [unit.text for unit in after], False)
    altered = _altered(old, new)
    sides: tuple[list[Lines], list[Lines]] = ([], [])
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        for units, found in ((before[i1:i2], sides[0]), (after[j1:j2], sides[1])):
            found += [unit.lines for unit in units if unit.lines and (tag != "equal" or unit.names & altered)]
    return sides


def past_sqlalchemy(part: Part) -> str | None:
    """Return what sends SQL in a way that SQLAlchemy does not see; None where nothing is known to."""
    for statements in part.statements.values():
        for node in (node for statement in statements for node in ast.walk(statement)):
            names = {getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "module", "") or ""}
            names |= {alias.name for alias in getattr(node, "names", ()) if isinstance(alias, ast.alias)}
            if found := names & _PAST_SQLALCHEMY:
                return min(found)
    return None


def _altered(old: Part, new: Part) -> frozenset[str]:
    """Return the names of the module that are bound in another way; those of functions are compared in parts."""
    names = old.statements.keys() | new.statements.keys()
    return frozenset(name for name in names if _values(old, name) != _values(new, name))


def _values(part: Part, name: str) -> list[str]:
    return sorted(ast.dump(node) for node in part.statements.get(name, ()) if not isinstance(node, ast.FunctionDef))


def _units(part: Part) -> list[_Unit]:
    functions = (node for name in sorted(part.statements) for node in part.statements[name])
    return [unit for node in functions if isinstance(node, ast.FunctionDef) for unit in _of_body(node.body)]


def _of_body(body: Sequence[ast.stmt]) -> Iterator[_Unit]:
    for statement in body:
        blocks = [list(_block(statement, name)) for name in ("body", "orelse", "finalbody")]
        handlers = getattr(statement, "handlers", [])
        cases = [case.body for case in getattr(statement, "cases", [])]
        if _is_guard(statement):
            yield replace(_head(statement), lines=None)
        elif any(blocks):
            yield _head(statement)
        elif cases:
            yield _unit([getattr(statement, "subject", statement)], statement)
        elif _does_nothing(statement):
            yield replace(_unit([statement], statement), lines=None)
        else:
            yield _unit([statement], statement)
        for block in (*blocks, *(handler.body for handler in handlers), *cases):
            yield from _of_body(block)


def _is_guard(statement: ast.stmt) -> bool:
    """Return whether a statement only leaves or goes on, by what it knows without asking: no row decides it."""
    if not isinstance(statement, ast.If) or statement.orelse or not all(map(_does_nothing, statement.body)):
        return False
    return not any(isinstance(node, ast.Call | ast.Await) for node in ast.walk(statement.test))


def _does_nothing(statement: ast.stmt) -> bool:
    """Return whether a statement only ends or passes something over: what it skips is missing among what was sent."""
    if isinstance(statement, ast.Return):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass | ast.Break | ast.Continue)


def _block(statement: ast.stmt, name: str) -> Sequence[ast.stmt]:
    found = getattr(statement, name, [])
    return found if isinstance(found, list) else []


def _head(statement: ast.stmt) -> _Unit:
    """Return what stands before the first block of a statement; ``try:`` alone is no code that runs."""
    names = ("test", "target", "iter", "items", "args", "bases", "name")
    parts = [part for name in names if (part := getattr(statement, name, None)) is not None]
    unit = _unit(parts, statement)
    return _Unit(f"{type(statement).__name__} {unit.text}", None if isinstance(statement, ast.Try) else unit.lines,
                 unit.names)  # fmt: skip


def _unit(parts: Sequence[object], statement: ast.stmt) -> _Unit:
    nodes = [node for part in parts for node in (part if isinstance(part, list) else [part])]
    trees = [node for node in nodes if isinstance(node, ast.AST)]
    text = " ".join(ast.dump(node) if isinstance(node, ast.AST) else repr(node) for node in nodes)
    names = frozenset(part.id for node in trees for part in ast.walk(node) if isinstance(part, ast.Name))
    whole = parts == [statement]
    ends = [getattr(part, "end_lineno", None) or statement.lineno for node in trees for part in ast.walk(node)]
    last = (statement.end_lineno or statement.lineno) if whole else max(ends, default=statement.lineno)
    return _Unit(text, Lines(statement.lineno, last), names)
