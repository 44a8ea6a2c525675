"""Add the lines that autogenerate cannot write to the migration that it wrote."""

from __future__ import annotations

import ast
from collections.abc import Sequence

NOTE = "# Added by alembic-checks: autogenerate cannot write these changes"


def completed(content: str, lines: Sequence[str]) -> str | None:
    """Return the migration with ``lines`` at the end of ``upgrade()``; None where it has no function ``upgrade``."""
    try:
        functions = [node for node in ast.parse(content).body if isinstance(node, ast.FunctionDef)]
    except SyntaxError:
        return None
    upgrade = next((function for function in functions if function.name == "upgrade"), None)
    if upgrade is None:
        return None
    source = content.splitlines()
    last = upgrade.body[-1]
    end = _end_of_comments(source, last.end_lineno or last.lineno)
    indent = " " * last.col_offset
    added = [indent + line for text in (NOTE, *lines) for line in text.splitlines()]
    source[end:end] = added
    if len(upgrade.body) == 1 + bool(ast.get_docstring(upgrade)) and isinstance(last, ast.Pass):
        del source[last.lineno - 1]
    return "\n".join(source) + "\n"


def _end_of_comments(source: Sequence[str], line: int) -> int:
    """Return the line after the comments that directly follow, such as ``# ### end Alembic commands ###``."""
    while line < len(source) and source[line].lstrip().startswith("#"):
        line += 1
    return line
