"""Take the statements that fail out of a proposed migration."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from action.session.event_parts import Failing
from checks.recording.models import LeftOut


def without(content: str, failing: Sequence[Failing]) -> tuple[str, tuple[LeftOut, ...]]:
    """Return the migration without the statements that fail, and these with their errors."""
    source = content.splitlines()
    kept, gone = _functions(content), {number for item in failing for number in range(item.first, item.last + 1)}
    left_out = tuple(
        LeftOut(lines=_dedented(source[item.first - 1 : item.last]), error=_sentence(item.error)) for item in failing
    )
    up, down = kept.get("upgrade", []), kept.get("downgrade", [])
    if len(up) == len(down):
        # Autogenerate writes the two in opposite orders: what was not made cannot be undone.
        for one, other in zip(up, reversed(down), strict=True):
            if one.lineno in gone:
                gone |= set(range(other.lineno, (other.end_lineno or other.lineno) + 1))
    for body in (up, down):
        if body and all(node.lineno in gone for node in body):
            gone.discard(body[0].lineno)
            source[body[0].lineno - 1] = " " * body[0].col_offset + "pass"
    lines = [line for number, line in enumerate(source, 1) if number not in gone]
    return "\n".join(lines) + "\n", left_out


def changes_something(content: str) -> bool:
    """Return whether ``upgrade()`` has a statement that does something."""
    return any(not isinstance(node, ast.Pass) for node in _functions(content).get("upgrade", []))


def _functions(content: str) -> dict[str, list[ast.stmt]]:
    """Return the statements of each function of a file, without its docstring."""
    try:
        functions = [node for node in ast.parse(content).body if isinstance(node, ast.FunctionDef)]
    except SyntaxError:
        return {}
    return {function.name: function.body[bool(ast.get_docstring(function)) :] for function in functions}


def _dedented(lines: Sequence[str]) -> str:
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:].rstrip() for line in lines)


def _sentence(error: str) -> str:
    """Return the first line of an error."""
    return error.strip().splitlines()[0] if error.strip() else "it fails without a message"
