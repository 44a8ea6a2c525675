"""Finds revisions of the merge base that have another id in the working tree."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeAlias

from action.version_files.edits import Side
from action.version_files.likeness import Code, Likeness, code_of, likeness
from checks.recording.revisions import ReplacedId, Revision

_NEEDED = {Likeness.SAME: 1, Likeness.ALIKE: 2, Likeness.EMPTY: 2, Likeness.OTHER: 99}
"""Signs that two revisions are the same one, besides their code: parents, children, message, create date, file name."""
_Sign: TypeAlias = tuple[str, Hashable]
_Rank: TypeAlias = tuple[bool, int, int]
"""In the same file, how alike the code is, how many signs."""
_MOST_ALIKE = 100
"""Most revisions with the same parents of which one may be meant."""
_SEPARATOR = re.compile("[_-]")


def replaced_ids(removed: Sequence[str], new: Sequence[str], fork: Side, work: Side) -> tuple[ReplacedId, ...]:
    """Return which removed revisions are new ones under another id, parents first, as ``removed`` is.

    The same code is not enough: two empty revisions are not the same one. A new revision that replaces several others,
    as after a squash, is none of them.
    """
    if not (removed and new):
        return ()
    search = _Matching(_Candidates(fork, removed), _Candidates(work, new))
    pairs = search.pairs()
    is_squash = len(pairs) < len(removed)
    return tuple(
        ReplacedId(old=old, new=pairs[old])
        for old in removed
        if old in pairs and not (is_squash and search.likeness(old, pairs[old]) is Likeness.OTHER)
    )


class _Candidates:
    """The revisions of one side that may have a counterpart on the other."""

    def __init__(self, side: Side, ids: Sequence[str]) -> None:
        self._side = side
        counts = Counter(revision.id for revision in side.graph.revisions)
        known = {revision.id: revision for revision in side.graph.revisions if counts[revision.id] == 1}
        self.revisions = {id_: known[id_] for id_ in ids if id_ in known}
        self._code: dict[str, Code | None] = {}

    def code(self, id_: str) -> Code | None:
        if id_ not in self._code:
            self._code[id_] = code_of(self._side.files[self.revisions[id_].path])
        return self._code[id_]

    @cached_property
    def signs(self) -> Mapping[str, set[_Sign]]:
        """Return what tells a revision from all others of its side, whatever its id; parents are left out."""
        written = {revision.id: set(_written(revision)) for revision in self._side.graph.revisions}
        counts = Counter(sign for signs in written.values() for sign in signs)
        found = {id_: {sign for sign in written[id_] if counts[sign] == 1} for id_ in self.revisions}
        for revision in self._side.graph.revisions:
            for parent in revision.down_revisions:
                if parent in found:
                    found[parent].add(("child", revision.id))
        return found

    @cached_property
    def by_sign(self) -> Mapping[_Sign, list[str]]:
        """Return the revisions with each sign, and those with the same parents; what very many have is no sign."""
        found: dict[_Sign, list[str]] = defaultdict(list)
        for id_, revision in self.revisions.items():
            for sign in (*self.signs[id_], _parents(revision.down_revisions)):
                found[sign].append(id_)
        return {sign: ids for sign, ids in found.items() if len(ids) <= _MOST_ALIKE}


def _written(revision: Revision) -> Iterator[_Sign]:
    name = "_".join(part for part in _SEPARATOR.split(PurePosixPath(revision.path).stem) if part != revision.id)
    for kind, text in (
        ("path", revision.path),
        ("message", revision.message),
        ("created", revision.created),
        ("name", name),
    ):
        if text:
            yield kind, text


def _parents(ids: Iterable[str]) -> _Sign:
    return "parents", frozenset(ids)


@dataclass(slots=True)
class _Matching:
    old: _Candidates
    new: _Candidates
    _found: dict[str, str] = field(default_factory=dict)
    """Old ids with the new ones, as far as they are known."""
    _taken: set[str] = field(default_factory=set)
    """The new ones of these."""
    _of_old: dict[str, dict[str, _Rank]] = field(default_factory=dict)
    """For each old id that is not found, the new ones that it may be."""
    _of_new: defaultdict[str, dict[str, _Rank]] = field(default_factory=lambda: defaultdict(dict))
    """The same the other way around."""
    _likeness: dict[tuple[str, str], Likeness] = field(default_factory=dict)

    def pairs(self) -> Mapping[str, str]:
        """Return the old ids with the new ones; what is found shows the parents of others.

        After each round only those are looked at again that it can have changed.
        """
        children: dict[str, list[str]] = defaultdict(list)
        for id_, revision in self.old.revisions.items():
            for parent in revision.down_revisions:
                children[parent].append(id_)
        changed = {*self.old.revisions}
        touched: set[str] = set()
        while changed or touched:
            for old in changed:
                touched |= self._forget(old)
                self._look(old)
            touched |= changed | {rival for old in changed for new in self._of_old[old] for rival in self._of_new[new]}
            pairs = self._certain(touched & self._of_old.keys())
            self._found |= pairs
            touched = set[str]().union(*(self._take(old, new) for old, new in pairs.items()))
            changed = {child for old in pairs for child in children[old] if child not in self._found}
        return self._found

    def _look(self, old: str) -> None:
        """Note the new revisions that may be the old one."""
        self._of_old[old] = dict(self._likely(old))
        for new, rank in self._of_old[old].items():
            self._of_new[new][old] = rank

    def _forget(self, old: str) -> set[str]:
        """Remove what is noted of an old revision; return those that it was a rival of."""
        rivals: set[str] = set()
        for new in self._of_old.pop(old, ()):
            del self._of_new[new][old]
            rivals.update(self._of_new[new])
        return rivals

    def _take(self, old: str, new: str) -> set[str]:
        """Remove what is noted of a pair; return the olds for which this changes something."""
        rivals = self._forget(old)
        for other in self._of_new.pop(new, ()):
            del self._of_old[other][new]
            rivals.add(other)
        self._taken.add(new)
        return rivals

    def likeness(self, old: str, new: str) -> Likeness:
        if (old, new) not in self._likeness:
            self._likeness[old, new] = likeness(self.old.code(old), self.new.code(new))
        return self._likeness[old, new]

    def _certain(self, olds: Iterable[str]) -> dict[str, str]:
        """Return the pairs of which neither side has another one that is as likely."""
        pairs = {}
        for old in olds:
            new = _alone_at_top(self._of_old[old])
            if new is not None and _alone_at_top(self._of_new[new]) == old:
                pairs[old] = new
        return pairs

    def _likely(self, old: str) -> Iterator[tuple[str, _Rank]]:
        """Yield the new revisions that may be the old one, with how likely that is."""
        for new, kinds in self._common(old).items():
            needed = _NEEDED[self.likeness(old, new)] if new not in self._taken else 0
            if needed and ("path" in kinds or {"message", "created"} <= kinds or len(kinds) >= needed):
                yield new, ("path" in kinds, -needed, len(kinds))

    def _common(self, old: str) -> Mapping[str, set[str]]:
        """Return the new revisions that have signs in common with the old one, and the kinds of these."""
        parents = _parents(self._found.get(parent, parent) for parent in self.old.revisions[old].down_revisions)
        found: dict[str, set[str]] = defaultdict(set)
        for sign in (*self.old.signs[old], parents):
            for new in self.new.by_sign.get(sign, ()):
                found[new].add(sign[0])
        return found


def _alone_at_top(ranks: Mapping[str, _Rank]) -> str | None:
    """Return the id with the highest rank; None where several have it, or none any."""
    best = max(ranks.values(), default=None)
    ids = [id_ for id_, rank in ranks.items() if rank == best]
    return ids[0] if len(ids) == 1 else None
