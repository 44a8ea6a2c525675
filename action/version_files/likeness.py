"""Compares what two revisions do: whether it is the same, alike, nothing, or something else."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

from action.version_files.meaning import meaning

_ALIKE = 0.75
"""Least share of common names and values: `BigInteger` in place of `Integer` in an added column is just alike."""
_T = TypeVar("_T")
_OPERATIONS = ("op", "batch_op")
_WORD = re.compile(r"\w+")


class Likeness(Enum):
    """What the code of two revisions has in common."""

    SAME = auto()
    ALIKE = auto()
    """The same operations on the same objects, with other details."""
    EMPTY = auto()
    """Neither upgrades anything."""
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Code:
    """What a version file does."""

    upgrade: str
    """Equal for files whose upgrade does the same."""
    is_empty: bool
    operations: frozenset[tuple[str, str]]
    """Alembic operations of the upgrade, each with the name that it gives first; an SQL text is no name."""
    objects: Counter[tuple[str, str]]
    """All calls of the upgrade that give a name: of tables, columns, constraints."""
    words: Counter[str]
    """The names and values of the upgrade."""


def code_of(source: bytes) -> Code | None:
    """Return what a version file does; None for a file that cannot be parsed."""
    parts = meaning(source)
    if parts is None:
        return None
    statements = [statement for found in parts["upgrade"].statements.values() for statement in found]
    nodes = [node for statement in statements for node in ast.walk(statement)]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return Code(
        upgrade=parts["upgrade"].text,
        is_empty=not calls,
        operations=frozenset(_named(call) for call in calls if _is_operation(call)),
        objects=Counter(named for named in map(_named, calls) if named[1]),
        words=Counter(word for node in nodes for word in _words(node)),
    )


def likeness(one: Code | None, other: Code | None) -> Likeness:
    """Compare what two version files do; of a file that cannot be parsed nothing is known."""
    if one is None or other is None:
        return Likeness.OTHER
    if one.is_empty and other.is_empty:
        return Likeness.EMPTY
    if one.upgrade == other.upgrade:
        return Likeness.SAME
    alike = one.operations == other.operations and _share(one.objects, other.objects) and _share(one.words, other.words)
    return Likeness.ALIKE if alike else Likeness.OTHER


def _share(one: Counter[_T], other: Counter[_T]) -> bool:
    return (one & other).total() >= _ALIKE * (one | other).total()


def _is_operation(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=name)):
            return name in _OPERATIONS
        case _:
            return False


def _named(call: ast.Call) -> tuple[str, str]:
    """Return what a call does, and the name that it gives first, if any."""
    function = ast.unparse(call.func)
    texts = (node.value for argument in call.args for node in ast.walk(argument) if isinstance(node, ast.Constant))
    first = next((text for text in texts if isinstance(text, str)), "")
    return function, "" if function.endswith(("execute", "text")) else first


def _words(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
            yield name
        case ast.Constant(value=str(text)):
            yield from _WORD.findall(text)
        case ast.Constant(value=value):
            yield repr(value)
        case _:
            pass
