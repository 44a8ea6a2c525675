"""Drops statements of a function that change nothing, which linters add and remove: a last return, an unread count."""

from __future__ import annotations

import ast

from action.version_files.local_names import LOOKED_UP


def without_dead_code(function: ast.FunctionDef) -> None:
    """Take out what has no effect: ``return None`` at the end, and constants given to names that nothing reads."""
    read = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    named = {name for node in ast.walk(function) if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}
    if not read & LOOKED_UP:
        _Unread(read | named).visit(function)
    if function.body and _returns_nothing(function.body[-1]):
        function.body.pop()


def _returns_nothing(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Return):
        return False
    return statement.value is None or (isinstance(statement.value, ast.Constant) and statement.value.value is None)


class _Unread(ast.NodeTransformer):
    """Removes the assignments of constants to names that are not kept."""

    def __init__(self, kept: set[str]) -> None:
        self._kept = kept

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        """Drop ``name = constant``."""
        return None if all(map(self._is_unread, node.targets)) and isinstance(node.value, ast.Constant) else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST | None:
        """Drop ``name += constant``."""
        return None if self._is_unread(node.target) and isinstance(node.value, ast.Constant) else node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Keep it: the names of its body are attributes."""
        return node

    def _is_unread(self, target: ast.expr) -> bool:
        return isinstance(target, ast.Name) and target.id not in self._kept
