"""Finds what edited revisions do differently than before, and which files cannot be compared."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from action.base.differences import same
from action.base.interface import Files
from action.version_files.meaning import PARTS, Part, first_difference, meaning
from checks.recording.revisions import Edit, Graph, Revision, Unreadable

_LINE_END = re.compile(r"\r\n|\r|\n")
_LONGEST = 100_000
"""Bytes; the diff of a larger file would take too long and is not made."""
_SHOWN = 200
"""Lines of a diff that are kept."""


@dataclass(frozen=True, slots=True)
class Side:
    """The version files of one of the commits that are compared."""

    graph: Graph
    files: Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """The changes of the revisions that both the merge base and the working tree have."""

    edits: tuple[Edit, ...]
    reworked: tuple[str, ...]
    uncompared: tuple[Unreadable, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A revision before and after it was edited."""

    old: Revision
    new: Revision


def edits(work: Side, fork: Side, base: Side) -> Edits:
    """Compare the working tree's revisions with the merge base's, and with the same changes on the base since.

    A file is compared by its code, not by its formatting. A revision that more than one changed file has, or that
    could not be read, is listed in ``uncompared``.
    """
    pairs, doubtful = _pairs(work, fork)
    on_base = _by_id(base.graph)
    found, reworked, unparsed = [], [], []
    for pair in pairs:
        before, after = meaning(fork.files[pair.old.path]), meaning(work.files[pair.new.path])
        if before is None or after is None:
            unparsed.append(Unreadable(path=pair.new.path, line=None, reason="it is nested too deeply to be compared"))
            reworked.append(pair.new.id)
            continue
        edit = _edit(pair, work, fork, before, after, _meaning_on(base, on_base.get(pair.new.id, [])))
        found += [edit] if edit else []
        if (edit and "upgrade" in edit.parts) or _comes_after(pair.old) != _comes_after(pair.new):
            reworked.append(pair.new.id)
    return Edits(
        edits=tuple(found),
        reworked=(*reworked, *dict.fromkeys(revision.id for revision in doubtful)),
        uncompared=(*_unreadable(work, fork), *_doubts(doubtful), *unparsed),
    )


def _pairs(work: Side, fork: Side) -> tuple[list[_Pair], list[Revision]]:
    """Return the edited revisions, and the files whose old version is not known."""
    pairs, doubtful = [], []
    before = _by_id(fork.graph)
    for id_, here in _by_id(work.graph).items():
        there = before.get(id_, [])
        new = [r for r in here if not (r.path in fork.files and same(work.files.get(r.path), fork.files[r.path]))]
        old = [r for r in there if not same(work.files.get(r.path), fork.files[r.path])]
        if not (new and old) or _contents(work, here) == _contents(fork, there):
            continue  # moved, at most
        if len(here) == len(there) == 1:
            pairs.append(_Pair(old[0], new[0]))
        else:
            doubtful += new
    return pairs, doubtful


def _by_id(graph: Graph) -> dict[str, list[Revision]]:
    found: dict[str, list[Revision]] = {}
    for revision in graph.revisions:
        found.setdefault(revision.id, []).append(revision)
    return found


def _comes_after(revision: Revision) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(revision.down_revisions), frozenset(revision.depends_on)


def _edit(
    pair: _Pair,
    work: Side,
    fork: Side,
    before: Mapping[str, Part],
    after: Mapping[str, Part],
    on_base: Mapping[str, Part],
) -> Edit | None:
    parts = tuple(part for part in PARTS if before[part].text != after[part].text)
    if not parts:
        return None
    as_base = tuple(part for part in parts if part in on_base and on_base[part].text == after[part].text)
    own = [part for part in parts if part not in as_base] or parts
    lines = [first_difference(before[part], after[part]) or _line_of(after[part], part, pair.new) for part in own]
    return Edit(
        revision=pair.new.id,
        parts=parts,
        on_base=as_base,
        line=min(lines),
        old_path=pair.old.path,
        diff=_diff(fork.files[pair.old.path], work.files[pair.new.path], pair.old.path, pair.new.path),
    )


def _line_of(part: Part, name: str, revision: Revision) -> int:
    """Return the first line of a function, or of the revision id where the file has no such function."""
    function = part.statements.get(name)
    return function[0].lineno if function else revision.line


def _meaning_on(base: Side, files: Sequence[Revision]) -> Mapping[str, Part]:
    """Return the functions of a revision on the base as it is now; empty where not exactly one file has it."""
    return (meaning(base.files[files[0].path]) or {}) if len(files) == 1 else {}


def _diff(old: bytes, new: bytes, old_path: str, new_path: str) -> str:
    if max(len(old), len(new)) > _LONGEST:
        return ""
    before, after = (_LINE_END.split(content.decode(errors="replace")) for content in (old, new))
    lines = list(difflib.unified_diff(before, after, old_path, new_path, lineterm=""))
    more = [f"[{len(lines) - _SHOWN} more lines]"] if len(lines) > _SHOWN else []
    return "\n".join(lines[:_SHOWN] + more)


def _unreadable(work: Side, fork: Side) -> Iterator[Unreadable]:
    """Yield what cannot be compared because its revision could not be read, before or after."""
    unread = {file.path for file in fork.graph.unreadable}
    kept = {_content(fork, path) for path in unread} & {_content(work, file.path) for file in work.graph.unreadable}
    for file in fork.graph.unreadable:
        if not same(work.files.get(file.path), fork.files[file.path]) and _content(fork, file.path) not in kept:
            yield Unreadable(path=file.path, line=None, reason=f"before this change, {file.reason}")
    yield from (file for file in work.graph.unreadable if file.path in fork.files and file.path not in unread)
    added = [
        file.path
        for file in work.graph.unreadable
        if file.path in work.files and file.path not in fork.files and _content(work, file.path) not in kept
    ]
    here = {revision.id for revision in work.graph.revisions}
    for revision in fork.graph.revisions:
        if added and revision.id not in here and revision.path not in work.files:
            reason = f"it was removed, and the revision of {added[0]}, which may be the same one, could not be read"
            yield Unreadable(path=revision.path, line=None, reason=reason)


def _contents(side: Side, revisions: list[Revision]) -> list[bytes]:
    return sorted(_content(side, revision.path) or b"" for revision in revisions)


def _content(side: Side, path: str) -> bytes | None:
    """Return a file's content without regard to line ends; None for a file that was not read."""
    content = side.files.get(path)
    return None if content is None else content.replace(b"\r\n", b"\n")


def _doubts(doubtful: list[Revision]) -> Iterator[Unreadable]:
    for revision in doubtful:
        reason = f"more than one file has the revision id {revision.id}, now or before this change"
        yield Unreadable(path=revision.path, line=None, reason=reason)
