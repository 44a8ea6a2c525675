"""Which lines of a Python file a comment is about: those of a statement, of a function, or all."""

from __future__ import annotations

import ast
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from checks.recording.revisions import SuppressionScope

_IDENTIFIERS = ("revision", "down_revision", "branch_labels", "depends_on")
_LONGEST_NAME = 63
"""Bytes of the longest name that PostgreSQL keeps."""
_MOST_NAMES = 50
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
    parent: _Placed | None
    first: int
    last: int
    until: int
    """The last line before the next statement, of this block or of one around it."""
    has_block: bool

    @property
    def is_function(self) -> bool:
        return isinstance(self.node, _Function)

    def outwards(self) -> Iterator[_Placed]:
        """Yield the statement and those around it."""
        one: _Placed | None = self
        while one is not None:
            yield one
            one = one.parent


class Comments:
    """The comments of one file among its statements; each line is looked at once, however many comments there are."""

    def __init__(self, module: ast.Module, lines: Sequence[bytes], comments: Sequence[PlacedComment]) -> None:
        self._count = max(len(lines), 1)
        self._docstring = module.body[0] if ast.get_docstring(module) is not None else None
        self._head = module.body[: 1 if self._docstring is None else 2]
        self._starting: dict[int, _Placed] = {}
        self._innermost: dict[int, _Placed] = {}
        self._ending: dict[int, _Placed] = {}
        for one in _placed(module.body, len(lines), None):
            self._starting.setdefault(one.first, one)
            self._innermost.update(dict.fromkeys(range(one.first, one.last + 1), one))
            if one.has_block:
                self._ending.update(dict.fromkeys(range(one.first + 1, one.until + 1), one))
        alone = {comment.line for comment in comments if comment.is_alone}
        self._foreign = [comment.line for comment in comments if comment.is_alone and not comment.is_ours]
        self._code = [at for at, line in enumerate(lines, start=1) if line.strip() and at not in alone]
        self._empty = [at for at, line in enumerate(lines, start=1) if not line.strip()]
        self._words: dict[int, tuple[str, ...]] = {}

    def scope_of(self, comment: PlacedComment) -> ScopeLines:
        """Return the lines that a comment is about.

        One at the end of a line is about the statement there. One alone on its line is about the statement that it
        stands in or directly above; as the first thing in a function or directly above one, about that function. What
        stands by itself at the top level, or by the identifiers of the revision, is about the whole file.
        """
        inner = self._innermost.get(comment.line)
        if inner is not None and (not comment.is_alone or not inner.has_block):
            defined = (one for one in inner.outwards() if one.is_function and one.node.lineno == comment.line)
            return self._about(next(defined, inner))
        if inner is not None and isinstance(inner.node, _Function) and self._is_first_in(inner.node, comment):
            return self._about(inner)
        code = _after(self._code, comment.line)
        below = self._starting.get(code)
        if below is None:
            return self._about(inner) if inner is not None else self._in_block(comment)
        if below.parent is None and comment.column == 0:
            is_near = _after(self._empty, comment.line) > code
            is_head = isinstance(below.node, ast.Import | ast.ImportFrom) or below.node in self._head
            return self._about(below) if is_near and (below.is_function or not is_head) else self._whole()
        return self._about(below) if below.node.col_offset >= comment.column else self._in_block(comment)

    def _about(self, placed: _Placed) -> ScopeLines:
        if placed.parent is None and (placed.node is self._docstring or _is_identifier(placed.node)):
            return self._whole()
        batch = next((one.node.lineno for one in placed.outwards() if one is not placed and _is_batch(one.node)), None)
        if batch is not None and placed.first not in self._words:
            self._words[placed.first] = tuple(islice(_texts(placed.node), _MOST_NAMES))
        return ScopeLines(
            scope=SuppressionScope.FUNCTION if placed.is_function else SuppressionScope.LINE,
            first=placed.first,
            last=placed.last,
            batch=batch,
            words=() if batch is None else self._words[placed.first],
        )

    def _is_first_in(self, function: _Function, comment: PlacedComment) -> bool:
        """Return whether a comment stands before the first statement of a function, and no other comment before it."""
        has_docstring = ast.get_docstring(function) is not None
        own = function.body[1:] if has_docstring else function.body
        if own and comment.line > _first_line(own[0]):
            return False
        start = function.body[0].end_lineno if has_docstring else function.lineno
        return _after(self._foreign, start or 0) > comment.line

    def _in_block(self, comment: PlacedComment) -> ScopeLines:
        """Return the block that a comment ends, by how far it is indented."""
        ending = self._ending.get(comment.line)
        blocks = ending.outwards() if ending is not None else ()
        held = next((one for one in blocks if one.node.col_offset < comment.column), None)
        return self._about(held) if held is not None else self._whole()

    def _whole(self) -> ScopeLines:
        return ScopeLines(scope=SuppressionScope.MODULE, first=1, last=self._count)


def _after(lines: Sequence[int], line: int) -> int:
    """Return the first of sorted lines after a line; a number above all lines where there is none."""
    at = bisect_right(lines, line)
    return lines[at] if at < len(lines) else sys.maxsize


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


def _placed(body: Sequence[ast.stmt], until: int, parent: _Placed | None) -> Iterator[_Placed]:
    """Yield the statements of a block, outer ones before those in them."""
    ends = [*(_first_line(following) - 1 for _, following in pairwise(body)), until]
    for node, end in zip(body, ends, strict=False):
        last = node.end_lineno or node.lineno
        blocks, until = list(_blocks(node)), max(end, last)
        one = _Placed(node=node, parent=parent, first=_first_line(node), last=last, until=until, has_block=bool(blocks))
        yield one
        ends_of_blocks = (*(_first_line(block[0]) - 1 for block in blocks[1:]), until)
        for block, block_end in zip(blocks, ends_of_blocks, strict=False):
            yield from _placed(block, block_end, one)


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
