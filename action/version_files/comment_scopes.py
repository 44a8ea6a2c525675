"""Which lines of a Python file a comment is about: those of a statement, of a function, or all."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from checks.recording.revisions import SuppressionScope

_IDENTIFIERS = ("revision", "down_revision", "branch_labels", "depends_on")
_LONGEST_NAME = 63
"""Bytes of the longest name that PostgreSQL keeps."""
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedComment:
    """A comment of the file."""

    line: int
    column: int
    is_alone: bool
    """Whether nothing stands before it on its line."""
    is_ours: bool
    """Whether it is a suppression."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeLines:
    """What a comment is about."""

    scope: SuppressionScope
    first: int
    last: int
    batch: int | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A statement, and the lines from its decorators to its end."""

    node: ast.stmt
    first: int
    last: int
    until: int
    """The last line before the next statement, of this block or of one around it."""
    depth: int
    has_block: bool

    @property
    def is_function(self) -> bool:
        return isinstance(self.node, _Function)


class Comments:
    """The comments of one file among its statements."""

    def __init__(self, module: ast.Module, lines: Sequence[bytes], comments: Sequence[PlacedComment]) -> None:
        self._lines = lines
        self._comments = comments
        self._alone = {comment.line for comment in comments if comment.is_alone}
        self._placed = tuple(_placed(module.body, len(lines), 0))
        self._docstring = module.body[0] if ast.get_docstring(module) is not None else None
        self._head = module.body[: 1 if self._docstring is None else 2]

    def scope_of(self, comment: PlacedComment) -> ScopeLines:
        """Return the lines that a comment is about.

        One at the end of a line is about the statement there. One alone on its line is about the statement that it
        stands in or directly above; as the first thing in a function or directly above one, about that function. What
        stands by itself at the top level, or by the identifiers of the revision, is about the whole file.
        """
        around = [one for one in self._placed if one.first <= comment.line <= one.last]
        inner = max(around, key=lambda one: (one.depth, one.first, one.node.col_offset), default=None)
        if inner is not None and (not comment.is_alone or not inner.has_block):
            return self._about(self._defined_at(comment.line, around) or inner)
        if inner is not None and isinstance(inner.node, _Function) and self._is_first_in(inner.node, comment):
            return self._about(inner)
        below, is_near = self._below(comment)
        if below is None:
            return self._about(inner) if inner is not None else self._in_block(comment)
        if below.depth == 0 and comment.column == 0:
            is_head = isinstance(below.node, ast.Import | ast.ImportFrom) or below.node in self._head
            return self._about(below) if is_near and (below.is_function or not is_head) else self._whole()
        return self._about(below) if below.node.col_offset >= comment.column else self._in_block(comment)

    def _about(self, placed: _Placed) -> ScopeLines:
        if placed.depth == 0 and (placed.node is self._docstring or _is_identifier(placed.node)):
            return self._whole()
        scope = SuppressionScope.FUNCTION if placed.is_function else SuppressionScope.LINE
        around = [one for one in self._placed if one.first < placed.first and placed.last <= one.last]
        batch = next((one.node.lineno for one in reversed(around) if _is_batch(one.node)), None)
        words = () if batch is None else tuple(_texts(placed.node))
        return ScopeLines(scope=scope, first=placed.first, last=placed.last, batch=batch, words=words)

    def _defined_at(self, line: int, around: Sequence[_Placed]) -> _Placed | None:
        """Return the function whose ``def`` stands on a line, also where its body does, too."""
        return next((one for one in reversed(around) if one.is_function and one.node.lineno == line), None)

    def _is_first_in(self, function: _Function, comment: PlacedComment) -> bool:
        """Return whether a comment stands before the first statement of a function, and no other comment before it."""
        has_docstring = ast.get_docstring(function) is not None
        own = function.body[1:] if has_docstring else function.body
        if own and comment.line > _first_line(own[0]):
            return False
        start = function.body[0].end_lineno if has_docstring else function.lineno
        between = (one for one in self._comments if (start or 0) < one.line < comment.line)
        return all(one.is_ours or not one.is_alone for one in between)

    def _below(self, comment: PlacedComment) -> tuple[_Placed | None, bool]:
        """Return the statement that begins at the next line of code, and whether no empty line stands before it."""
        line, is_near = comment.line + 1, True
        while line <= len(self._lines) and (line in self._alone or not self._lines[line - 1].strip()):
            is_near = is_near and line in self._alone
            line += 1
        return next((one for one in self._placed if one.first == line), None), is_near

    def _in_block(self, comment: PlacedComment) -> ScopeLines:
        """Return the block that a comment ends, by how far it is indented."""
        blocks = [one for one in self._placed if one.has_block and one.first < comment.line <= one.until]
        held = [one for one in blocks if one.node.col_offset < comment.column]
        return self._about(max(held, key=lambda one: one.depth)) if held else self._whole()

    def _whole(self) -> ScopeLines:
        return ScopeLines(scope=SuppressionScope.MODULE, first=1, last=max(len(self._lines), 1))


def _is_batch(node: ast.stmt) -> bool:
    """Return whether a statement is ``with op.batch_alter_table(…)``."""
    return isinstance(node, ast.With) and any(
        isinstance(item.context_expr, ast.Call)
        and isinstance(item.context_expr.func, ast.Attribute)
        and item.context_expr.func.attr == "batch_alter_table"
        for item in node.items
    )


def _texts(node: ast.stmt) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) <= _LONGEST_NAME:
            yield part.value


def _is_identifier(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and target.id in _IDENTIFIERS for target in targets)


def _placed(body: Sequence[ast.stmt], until: int, depth: int) -> Iterator[_Placed]:
    """Yield the statements of a block, outer ones before those in them."""
    ends = [*(_first_line(following) - 1 for _, following in pairwise(body)), until]
    for node, end in zip(body, ends, strict=True):
        last = node.end_lineno or node.lineno
        blocks, until = list(_blocks(node)), max(end, last)
        yield _Placed(node=node, first=_first_line(node), last=last, until=until, depth=depth, has_block=bool(blocks))
        ends_of_blocks = (*(_first_line(block[0]) - 1 for block in blocks[1:]), until)
        for block, block_end in zip(blocks, ends_of_blocks, strict=False):
            yield from _placed(block, block_end, depth + 1)


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a compound statement, with those of its handlers and cases, in the order of the file."""
    for name in ("body", "handlers", "cases", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if not isinstance(block, list) or not block:
            continue
        if isinstance(block[0], ast.stmt):
            yield block
        else:
            for part in block:
                yield from _blocks(part)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])
