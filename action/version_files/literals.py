"""Evaluates the constants of a Python module without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

Value: TypeAlias = "str | int | float | bytes | complex | tuple[Value, ...] | Unknown | None"
_DEPTH = 20
_MOST = 1_000_000
"""Limit of characters and expressions in a value: names that refer to each other multiply them."""


class Unknown:
    """An expression whose value is known only when the module runs."""

    def __init__(self, node: ast.expr) -> None:
        self.source = ast.unparse(node)


Statement: TypeAlias = ast.Assign | ast.AnnAssign
Names: TypeAlias = Mapping[str, tuple[ast.expr, Statement]]


def assignments(body: Iterable[ast.stmt]) -> dict[str, tuple[ast.expr, Statement]]:
    """Return the module's names with the expression and the statement that last assign them."""
    return {name: (value, statement) for name, value, statement in _assigned(body)}


def evaluate(node: ast.expr, names: Names) -> Value:
    """Return the value of an expression of literals, and of names that are bound to such in the same module.

    Raises ValueError for a value that is too large, RecursionError for one that is nested too deeply.
    """
    return _Evaluation(names).value(node, 0)


class _Evaluation:
    """One evaluation, with a limit: it would take forever for some expressions."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._left = _MOST

    def value(self, node: ast.expr, depth: int) -> Value:
        match node:
            case ast.Constant(value=str() | bytes() as value):
                return self._counted(value, len(value))
            case ast.Constant(value=int() | float() | complex() | None as value):
                return self._counted(value)
            case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
                return self._counted(tuple(self.value(element, depth) for element in elements))
            case ast.Name(id=name) if name in self._names and depth < _DEPTH:
                return self.value(self._names[name][0], depth + 1)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return _sum(self.value(left, depth), self.value(right, depth), node)
            case ast.JoinedStr(values=parts):
                return self._joined(parts, depth, node)
            case _:
                return self._counted(Unknown(node))

    def _joined(self, parts: Iterable[ast.expr], depth: int, node: ast.expr) -> Value:
        texts = []
        for part in parts:
            plain = isinstance(part, ast.FormattedValue) and part.conversion == -1 and part.format_spec is None
            value = self.value(part.value if plain and isinstance(part, ast.FormattedValue) else part, depth)
            if not isinstance(value, str):
                return Unknown(node)
            texts.append(value)
        return self._counted("".join(texts))

    def _counted(self, value: Value, size: int = 0) -> Value:
        self._left -= 1 + size
        if self._left < 0:
            raise ValueError("they are too large")
        return value


def _assigned(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.expr, Statement]]:
    for statement in body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value, statement
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    for name, part in _bound(target, value):
                        yield name, part, statement
            case ast.If(body=inner, orelse=other) | ast.Try(body=inner, orelse=other):
                yield from _assigned([*other, *inner])
            case ast.With(body=inner):
                yield from _assigned(inner)
            case _:
                pass  # Functions, classes and loops do not assign the module's own constants.


def _bound(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a target binds: ``a = …``, and ``a, b = …, …``."""
    match target, value:
        case ast.Name(id=name), _:
            yield name, value
        case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), (ast.Tuple(elts=values) | ast.List(elts=values))):
            if len(targets) == len(values):
                for part, its_value in zip(targets, values, strict=True):
                    yield from _bound(part, its_value)
        case _:
            pass


def _sum(left: Value, right: Value, node: ast.expr) -> Value:
    match left, right:
        case str(), str():
            return left + right
        case tuple(), tuple():
            return left + right
        case _:
            return Unknown(node)
