"""Undoes a change: rebuilds the old content of a file from its new content and GitHub's patch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_NO_LINE_END = "\\ No newline"
_UNDECODED = "\ufffd"


class PatchError(Exception):
    """A patch does not fit the file, or is incomplete; ``str(error)`` is why, in a clause."""


@dataclass(slots=True)
class _Hunk:
    start: int
    """Lines of the new file before it."""
    before: list[bytes] = field(default_factory=list)
    after: list[bytes] = field(default_factory=list)
    changes: int = 0


def reverted(content: bytes, patch: str, changes: int) -> bytes:
    """Return the file before ``patch``, the hunks of a unified diff that changed ``changes`` lines of it.

    ``content`` is the file now. Every line of the patch must be at its place in it. Raises PatchError.
    """
    if _UNDECODED in patch:
        raise PatchError("it has characters that are not UTF-8")
    hunks, lines, found, done = list(_hunks(patch)), _lines(content), [], 0
    if sum(hunk.changes for hunk in hunks) != changes:
        raise PatchError("its patch is incomplete")
    for hunk in hunks:
        end = hunk.start + len(hunk.after)
        if hunk.start < done or lines[hunk.start : end] != hunk.after:
            raise PatchError("its patch does not fit the file")
        found += lines[done : hunk.start] + hunk.before
        done = end
    return b"".join(found + lines[done:])


def _hunks(patch: str) -> Iterator[_Hunk]:
    lines = patch.removesuffix("\n").split("\n")
    while lines:
        header = _HUNK.match(lines.pop(0))
        if header is None:
            raise PatchError("its patch is not a diff")
        old, new = int(header.group(1) or 1), int(header.group(3) or 1)
        hunk = _Hunk(start=int(header.group(2)) - (1 if new else 0))
        while len(hunk.before) < old or len(hunk.after) < new:
            _take(lines, hunk)
        if (len(hunk.before), len(hunk.after)) != (old, new):
            raise PatchError("its patch is not a diff")
        yield hunk


def _take(lines: list[str], hunk: _Hunk) -> None:
    """Move the next line of the patch into the hunk: before, after, or both."""
    kind, line = (lines[0][:1], lines.pop(0)[1:].encode()) if lines else ("", b"")
    if kind not in ("+", "-", " "):
        raise PatchError("its patch is incomplete")
    if lines and lines[0].startswith(_NO_LINE_END):
        lines.pop(0)
    else:
        line += b"\n"
    if kind != "+":
        hunk.before.append(line)
    if kind != "-":
        hunk.after.append(line)
    hunk.changes += kind != " "


def _lines(content: bytes) -> list[bytes]:
    """Split at line feeds only, as Git does, and keep them."""
    *whole, last = content.split(b"\n")
    return [line + b"\n" for line in whole] + ([last] if last else [])
