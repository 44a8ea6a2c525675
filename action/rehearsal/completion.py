"""Add the lines that autogenerate cannot write to the migration that it wrote."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

NOTE = "# Added by alembic-checks: autogenerate cannot write these changes"


UNDO = "# Added by alembic-checks: what undoes the lines added to upgrade()"
REST = "# Added by alembic-checks: autogenerate's downgrade() does not undo these changes"


def completed(content: str, lines: Sequence[str]) -> str | None:
    """Return the migration with ``lines`` at the end of ``upgrade()``; None where it has no function ``upgrade``."""
    function = _function(content, "upgrade")
    if function is None:
        return None
    source = content.splitlines()
    last = function.body[-1]
    end = _end_of_comments(source, last.end_lineno or last.lineno)
    return _with(source, function, end, [NOTE, *lines])


def undoing(content: str, first: Sequence[str], last: Sequence[str]) -> str | None:
    """Return the migration with lines at the start and the end of ``downgrade()``; None where it has none."""
    for note, lines in ((REST, last), (UNDO, first)):
        function = _function(content, "downgrade")
        if function is None:
            return None
        if lines:
            source, body = content.splitlines(), function.body[bool(ast.get_docstring(function)) :]
            end = function.body[-1].end_lineno or 0
            start = _start_of_comments(source, body[0].lineno - 1) if body else end
            content = _with(source, function, start if note == UNDO else _end_of_comments(source, end), [note, *lines])
    return content


def _function(content: str, name: str) -> ast.FunctionDef | None:
    try:
        functions = [node for node in ast.parse(content).body if isinstance(node, ast.FunctionDef)]
    except SyntaxError:
        return None
    return next((function for function in functions if function.name == name), None)


def _with(source: list[str], function: ast.FunctionDef, line: int, added: Sequence[str]) -> str:
    """Return the source with indented lines after a line of a function, in place of a sole ``pass``."""
    last = function.body[-1]
    indent = " " * last.col_offset
    has_code = any(not text.startswith("#") for text in added)
    alone = len(function.body) == 1 + bool(ast.get_docstring(function)) and isinstance(last, ast.Pass)
    new = [line for text in added for line in _indented(text, indent)]
    source[line:line] = new
    if alone and has_code:
        del source[last.lineno - 1 + (len(new) if line < last.lineno else 0)]
    return "\n".join(source) + "\n"


def _indented(text: str, indent: str) -> Iterator[str]:
    """Yield the lines of a statement, indented; not those within a text, such as the body of a function."""
    texts = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    within = {number for node in texts for number in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)}
    for number, line in enumerate(text.splitlines(), start=1):
        yield line if number in within else indent + line


def _start_of_comments(source: Sequence[str], line: int) -> int:
    """Return the line before the comments that directly precede, such as ``# ### commands auto generated …``."""
    while line > 0 and source[line - 1].lstrip().startswith("#"):
        line -= 1
    return line


def _end_of_comments(source: Sequence[str], line: int) -> int:
    """Return the line after the comments that directly follow, such as ``# ### end Alembic commands ###``."""
    while line < len(source) and source[line].lstrip().startswith("#"):
        line += 1
    return line
