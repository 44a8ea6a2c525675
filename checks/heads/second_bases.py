"""Find revisions that start a second history without a branch label that declares it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import ancestors, descendants, heads
from checks.graph.index import index_of
from checks.graph.marks import Marks
from checks.graph.merged import MergedGraph
from checks.graph.rewriting import parent_title, quote, with_parent
from checks.graph.second_histories import second_starts, starts
from checks.policy import Policy
from checks.recording.revisions import Revision


def second_bases(merged: MergedGraph, policy: Policy) -> Iterator[Finding]:
    """Yield a finding for every base that starts a second history."""
    bases = second_starts(merged, policy)
    if bases:
        search = _Starts(merged, starts(merged)[0])
        yield from (_finding(search, base) for base in bases)


class _Starts:
    """What the finding of each base asks of the graph."""

    def __init__(self, merged: MergedGraph, first: Revision) -> None:
        self.merged = merged
        self.start = merged.named(first.id)
        self._joined = ancestors(merged.graph, *descendants(merged.graph, first.id))

    def is_joined(self, base: Revision) -> bool:
        """Return whether a later revision merges the two histories."""
        return base.id in self._joined

    def target(self, base: Revision) -> str | None:
        """Return the head that a second base can follow; None where there is no such head, or more than one."""
        above = self._above
        others = self._all & ~above.of(base.id) & ~above.bits((base.id,))
        candidates = others & self._on_base or others
        return next(above.named(candidates)) if candidates.bit_count() == 1 else None

    @cached_property
    def _above(self) -> Marks:
        whole = filter(self.merged.is_whole, heads(self.merged.graph))
        return Marks(index_of(self.merged.graph).dependents, whole)

    @cached_property
    def _all(self) -> int:
        return self._above.bits(self._above.marked)

    @cached_property
    def _on_base(self) -> int:
        return self._above.bits(self.merged.base_heads)


def _finding(search: _Starts, base: Revision) -> Finding:
    merged, joined = search.merged, search.is_joined(base)
    old = merged.on_base(base.id) and merged.file_on_base(base)
    target = None if old or joined else search.target(base)
    return Finding(
        rule="second-base",
        severity=Severity.NOTICE if old or joined else Severity.ERROR,
        old=old,
        message=f"{merged.named(base.id)} has no down_revision, but the history already starts at {search.start}.",
        why=_why(merged, old, joined),
        remedy=_remedy(base, target),
        path=base.path,
        line=base.down_revision_line,
        revision=base.id,
        fixes=tuple(_fixes(base, target)),
    )


def _why(merged: MergedGraph, old: bool, joined: bool) -> str:
    if old:
        return f"{merged.base} already has both histories. Alembic upgrades them side by side."
    if joined:
        return "A later revision merges the two histories. Alembic upgrades both, in no fixed order."
    return "The two histories end in two heads, and alembic upgrade head refuses to run with more than one head."


def _remedy(base: Revision, target: str | None) -> str:
    parent = target or "the revision that it was written for"
    return f"Set {base.id}'s `down_revision` to {parent}. Or add a branch label if a separate history is intended."


def _fixes(base: Revision, target: str | None) -> Iterator[Snippet]:
    if target:
        yield Snippet(
            title=parent_title(base, target),
            text=with_parent(base, target),
            language="python",
            path=base.path,
        )
    mark = quote(base)
    yield Snippet(
        title="Or add a branch label" if target else "Add a branch label",
        text=f"branch_labels = ({mark}NAME{mark},)",
        language="python",
        path=base.path,
    )
