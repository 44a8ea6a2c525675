"""A Python file that is read, not run: which of its statements run at import, and what its names stand for."""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass, field
from typing import Dict, Iterable, Iterator, List, Optional, Tuple, Union

from ..files.reading_files import read_regular


@dataclass(frozen=True)
class ImportedModule:
    """What ``import a.b`` and ``import a.b as c`` bind."""

    name: str


@dataclass(frozen=True)
class ImportedName:
    """What ``from ..a import b`` binds."""

    module: str
    level: int
    name: str


Binding = Union[ImportedModule, ImportedName, ast.ClassDef, ast.expr, None]
"""What a name stands for; None where that is not known."""


@dataclass
class SourceFile:
    """A file that could be parsed."""

    path: str
    """Absolute, links followed."""
    statements: List[ast.stmt] = field(default_factory=list)
    """Those that run whenever the file is imported."""
    bindings: Dict[str, Binding] = field(default_factory=dict)
    stars: List[Tuple[str, int]] = field(default_factory=list)
    """Module and level of each ``from module import *``."""
    imports: List[Tuple[str, int]] = field(default_factory=list)
    """Module and level of each import that has to work: not those below ``try`` or ``if``."""
    is_program: bool = False
    """Whether it asks if it is the main program."""


def read(path: str) -> Optional[SourceFile]:
    """Return the file; None where it is no Python that this interpreter can parse."""
    try:
        body = ast.parse(read_regular(path)).body
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None
    source = SourceFile(path, imports=list(_imported(body)), is_program=any(map(_asks_for_main, body)))
    for statement, certain in running(body):
        if certain:
            source.statements.append(statement)
        _bind(source, statement, certain)
    return source


def running(body: List[ast.stmt], certain: bool = True) -> Iterator[Tuple[ast.stmt, bool]]:
    """Yield the statements that an import can run, and whether it surely does; a block is replaced by its own."""
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _branches(statement, certain)
        elif isinstance(statement, ast.Try):
            for handler in statement.handlers:
                yield from running(handler.body, False)
            yield from running([*statement.body, *statement.orelse, *statement.finalbody], certain)
        elif isinstance(statement, ast.With):
            yield from running(statement.body, certain)
        else:
            yield statement, certain


def _branches(statement: ast.If, certain: bool) -> Iterator[Tuple[ast.stmt, bool]]:
    test, body, orelse = statement.test, statement.body, statement.orelse
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, body, orelse = test.operand, orelse, body
    if last_name(test) == "TYPE_CHECKING":
        yield from running(orelse, certain)
    else:
        yield from running([*body, *orelse], False)


def _asks_for_main(statement: ast.stmt) -> bool:
    test = statement.test if isinstance(statement, ast.If) else None
    return isinstance(test, ast.Compare) and last_name(test.left) == "__name__"


def _imported(statements: List[ast.stmt]) -> Iterator[Tuple[str, int]]:
    for statement in statements:
        if isinstance(statement, ast.Import):
            yield from ((alias.name, 0) for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            yield statement.module or "", statement.level


def _bind(source: SourceFile, statement: ast.stmt, certain: bool) -> None:
    for name, binding in _bound(source, statement):
        if certain or name not in source.bindings:
            source.bindings[name] = binding


def _bound(source: SourceFile, statement: ast.stmt) -> Iterator[Tuple[str, Binding]]:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            top = alias.name.partition(".")[0]
            yield alias.asname or top, ImportedModule(alias.name if alias.asname else top)
    elif isinstance(statement, ast.ImportFrom):
        module = statement.module or ""
        if statement.names[0].name == "*":
            source.stars.append((module, statement.level))
            return
        for alias in statement.names:
            yield alias.asname or alias.name, ImportedName(module, statement.level, alias.name)
    elif isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        yield statement.name, statement if isinstance(statement, ast.ClassDef) else None
    else:
        yield from assignments([statement])


def assignments(body: List[ast.stmt]) -> Iterator[Tuple[str, Optional[ast.expr]]]:
    """Yield each name that statements assign to, with its value; without one for a part of a value."""
    for statement in body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            yield statement.target.id, statement.value
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, statement.value
                for part in getattr(target, "elts", ()):
                    if isinstance(part, ast.Name):
                        yield part.id, None


def last_name(node: ast.AST) -> str:
    """Return ``c`` of ``c`` and ``a.b.c``; empty for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def inside(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield nodes and all below them, without what stands in a function: that does not run at import."""
    for node in nodes:
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from inside(ast.iter_child_nodes(node))


def module_file(path: str) -> Optional[str]:
    """Return the file of the module at a path without its ending, or the folder of a package without __init__.py."""
    for file in (path + ".py", os.path.join(path, "__init__.py")):
        if os.path.isfile(file):
            return os.path.realpath(file)
    return os.path.realpath(path) if os.path.isdir(path) else None
