"""Gives the local variables of a function names by their order, so that renaming one is no change."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator

LOOKED_UP = {"locals", "vars", "eval", "exec", "dir", "globals"}
"""A function that calls one of these may use its variables by their names."""
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def without_local_names(function: ast.FunctionDef, known: Collection[str]) -> None:
    """Rename the local variables of a function in place; ``known`` are the names that its module binds.

    With "" among them, it binds unknown ones, too. Left alone are parameters, which a caller may name, and names that
    mean something else in part of the function.
    """
    if LOOKED_UP & {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}:
        return
    looped = {name for node in ast.walk(function) if isinstance(node, _COMPREHENSIONS) for name in _targets(node)}
    if "" in known:  # what a star import binds is not known
        looped = set()
    free = {name for name in looped if name not in known and not hasattr(builtins, name)}
    local = (_bound_in(function) | free) - _kept(function)
    numbers: dict[str, str] = {}
    for name in _in_order(function):
        if name.id in local:
            name.id = numbers.setdefault(name.id, f"<{len(numbers)}>")


def _in_order(node: ast.AST) -> Iterator[ast.Name]:
    """Yield the names below a node as they stand there, so that a later change renumbers no earlier one."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Name):
            yield child
        yield from _in_order(child)


def _targets(node: ast.AST) -> set[str]:
    generators: list[ast.comprehension] = getattr(node, "generators", [])
    return {part.id for one in generators for part in ast.walk(one.target) if isinstance(part, ast.Name)}


def _bound_in(function: ast.FunctionDef) -> set[str]:
    """Return the names that statements of the function itself assign, without those of nested scopes."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        if not isinstance(node, (*_SCOPES, *_COMPREHENSIONS)):
            waiting += ast.iter_child_nodes(node)
    return found


def _kept(function: ast.FunctionDef) -> set[str]:
    """Return the names that are bound in another way, or in a nested scope too."""
    kept: set[str] = set()
    for node in ast.walk(function):
        match node:
            case ast.arg(arg=name) | ast.alias(asname=str(name)) | ast.MatchAs(name=str(name)):
                kept.add(name)
            case ast.alias(name=name):
                kept.add(name.partition(".")[0])
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                kept |= set(names)
            case ast.ExceptHandler(name=str(name)) | ast.MatchStar(name=str(name)):
                kept.add(name)
            case ast.MatchMapping(rest=str(name)):
                kept.add(name)
            case ast.ClassDef():
                kept |= {node.name} | {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if node is not function:
                kept.add(name)
            case _:
                pass
    return kept
