"""What a version file does when it is applied, apart from how it is written."""

from __future__ import annotations

import ast

_UNUSED_AT_RUN_TIME = ("__future__", "typing", "collections.abc")


def upgrade_meaning(source: bytes) -> str | None:
    """Return what ``upgrade()`` and all that it may use come to; equal for files that differ only in formatting,
    comments, docstrings, annotations or ``downgrade()``. None for a file that cannot be parsed.
    """
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    body = [node for node in module.body if not _is_left_out(node)]
    return ast.dump(_Plain().visit(ast.Module(body=body, type_ignores=[])))


def _is_left_out(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module in _UNUSED_AT_RUN_TIME
    return isinstance(node, ast.FunctionDef) and node.name == "downgrade"


class _Plain(ast.NodeTransformer):
    """Takes away what a reader needs and the interpreter does not."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        """Drop docstrings."""
        return None if isinstance(node.value, ast.Constant) else node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        """Drop the annotation."""
        self.generic_visit(node)
        return ast.Assign(targets=[node.target], value=node.value) if node.value is not None else None

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Drop the annotation of what is returned."""
        self.generic_visit(node)
        node.returns = None
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """Drop the annotation."""
        node.annotation = None
        return node
