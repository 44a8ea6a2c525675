"""Merges version files three ways, as Git will: either side may have renamed or moved a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from typing import TypeAlias

from action.base.differences import same
from action.base.interface import Files
from action.version_files.edits import Side

_File: TypeAlias = tuple[str, bytes]


def merged_files(base: Side, fork: Side, work: Side) -> list[_File]:
    """Return path and content of the version files after the merge, by path.

    What the working tree did not change since the merge base is the base's, everything else its own. A revision of the
    merge base is the same file wherever it is; any other file is known by its path.
    """
    ids = {id_ for id_, count in _counts(fork).items() if count == 1}
    ids -= {id_ for side in (base, work) for id_, count in _counts(side).items() if count > 1}
    found = [
        *_by_revision(*(_revisions(side, ids) for side in (base, fork, work))),
        *_by_path(*(_others(side, ids) for side in (base, fork, work))),
    ]
    return sorted(found)


def _counts(side: Side) -> Counter[str]:
    return Counter(revision.id for revision in side.graph.revisions)


def _revisions(side: Side, ids: Set[str]) -> Mapping[str, _File]:
    return {r.id: (r.path, side.files[r.path]) for r in side.graph.revisions if r.id in ids}


def _others(side: Side, ids: Set[str]) -> Files:
    known = {revision.path for revision in side.graph.revisions if revision.id in ids}
    return {path: content for path, content in side.files.items() if path not in known}


def _by_revision(base: Mapping[str, _File], fork: Mapping[str, _File], work: Mapping[str, _File]) -> Iterator[_File]:
    for id_, (path, content) in fork.items():
        there, here = base.get(id_), work.get(id_)
        kept = there if here and same(here[1], content) else here
        if kept:
            moved = here if here and here[0] != path else there
            yield (moved or kept)[0], kept[1]


def _by_path(base: Files, fork: Files, work: Files) -> Iterator[_File]:
    for path in {*base, *work}:
        side = base if same(work.get(path), fork.get(path)) else work
        if path in side:
            yield path, side[path]
