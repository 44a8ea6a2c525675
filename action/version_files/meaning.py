"""Reads what a version file does when it is applied or reverted, apart from its formatting."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from action.version_files.dead_code import without_dead_code
from action.version_files.local_names import without_local_names

PARTS = ("upgrade", "downgrade")
Statements: TypeAlias = Mapping[str, list[ast.stmt]]
"""The statements of a module by the name that they bind; under "" those that always run."""
_ANYWAY = ""
_NEVER_RUN = ("TYPE_CHECKING", "typing.TYPE_CHECKING", "__name__ == '__main__'")
"""Statements behind these conditions do not run in a migration."""


@dataclass(frozen=True, slots=True)
class Part:
    """A function of a version file, with everything of the module that it may use."""

    statements: Statements
    module: Statements
    """All of the module, used or not."""
    text: str
    """Equal for files that differ only in formatting, comments, docstrings, annotations, unused or local names."""


def meaning(source: bytes) -> dict[str, Part] | None:
    """Return ``upgrade()`` and ``downgrade()`` with all they use; None for a file that cannot be parsed.

    Names that neither of them uses do not count, not even the revision's own: the graph is compared by its ids.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # wrong escapes in strings are the project's affair
            module = _Plain().visit(ast.parse(source))
        bound: dict[str, list[ast.stmt]] = {}
        for name, statement in _bound(module):
            bound.setdefault(name, []).append(statement)
        for function in (node for node in module.body if isinstance(node, ast.FunctionDef)):
            without_local_names(function, bound)
        return {name: _part(name, bound) for name in PARTS}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def first_difference(old: Part, new: Part) -> int | None:
    """Return the first line of ``new`` that does something different; None where lines were only removed."""
    found = (_difference(old.module.get(name, []), nodes, 1) for name, nodes in new.statements.items())
    try:
        return min((line for line in found if line is not None), default=None)
    except RecursionError:
        return None


def _part(name: str, bound: Statements) -> Part:
    used: dict[str, list[ast.stmt]] = {}
    waiting = [_ANYWAY, name]
    while waiting:
        known = waiting.pop()
        if known in bound and known not in used:
            used[known] = bound[known]
            waiting += [node.id for one in used[known] for node in ast.walk(one) if isinstance(node, ast.Name)]
    text = "\n".join(line for known in sorted(used) for line in (f"{known}:", *_dumped(used[known])))
    return Part(statements=used, module=bound, text=text)


def _dumped(statements: list[ast.stmt]) -> list[str]:
    dumped = [ast.dump(statement) for statement in statements]
    imports = all(isinstance(statement, ast.Import | ast.ImportFrom) for statement in statements)
    return sorted(dumped) if imports else dumped  # formatters sort imports


def _bound(module: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield each statement with each name that it binds; one that does more than bind names always runs."""
    for statement in module.body:
        match statement:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for alias in names:
                    name = alias.asname or alias.name.partition(".")[0]
                    yield (_ANYWAY if name == "*" else name), _import_of(statement, alias)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, statement
            case ast.Assign(targets=targets):
                for name in _names(targets):
                    yield name, statement
            case ast.AugAssign(target=ast.Name(id=name)):
                yield name, statement
            case _:
                yield _ANYWAY, statement


def _import_of(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.stmt:
    if isinstance(statement, ast.ImportFrom):
        one: ast.stmt = ast.ImportFrom(module=statement.module, names=[alias], level=statement.level)
    else:
        one = ast.Import(names=[alias])
    return ast.copy_location(one, alias)


def _names(targets: list[ast.expr]) -> Iterator[str]:
    for target in targets:
        match target:
            case ast.Name(id=name):
                yield name
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                yield from _names(elements)
            case _:
                yield _ANYWAY  # an attribute or item of an object that others may use


def _difference(old: object, new: object, line: int) -> int | None:
    """Return the line of the first node of ``new`` that differs from ``old``; None when they are equal."""
    if isinstance(old, list) and isinstance(new, list):
        found = (_difference(one, other, line) for one, other in zip(old, new, strict=False))
        return next((at for at in found if at is not None), None) or _surplus(old, new, line)
    if not (isinstance(old, ast.AST) and isinstance(new, ast.AST)):
        return None if type(old) is type(new) and old == new else line
    line = getattr(new, "lineno", line)
    if type(old) is not type(new):
        return line
    fields = ((getattr(old, name, None), getattr(new, name, None)) for name in new._fields)
    return next((at for pair in fields if (at := _difference(*pair, line)) is not None), None)


def _surplus(old: list[object], new: list[object], line: int) -> int | None:
    if len(old) == len(new):
        return None
    if len(new) > len(old):
        return int(getattr(new[len(old)], "lineno", line))
    return int(getattr(new[-1], "end_lineno", line)) if new else line


class _Plain(ast.NodeTransformer):
    """Removes everything that does not change what the code does."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Drop docstrings."""
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Pass(self, node: ast.Pass) -> None:
        """Drop it: it does nothing."""

    def visit_If(self, node: ast.If) -> ast.AST | None:
        """Drop code that runs only for type checkers or on a command line."""
        return None if ast.unparse(node.test) in _NEVER_RUN and not node.orelse else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        """Drop the annotation."""
        self.generic_visit(node)
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Keep the annotations of its body: in a model they say what a column is."""
        kept = [part if isinstance(part, ast.AnnAssign) else self.visit(part) for part in node.body]
        node.body = [part for part in kept if part is not None]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Drop the annotation of the return value, and what has no effect."""
        node.returns = None
        self.generic_visit(node)
        without_dead_code(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Drop the annotation."""
        node.annotation = None
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Drop the ``u`` of a string."""
        node.kind = None
        return node
