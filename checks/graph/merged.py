"""The revision graph as it will be after the merge: what the base has of it, and which revisions are older."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from checks.graph.algorithms import ancestors, by_id, cycles, descendants, effective_heads, heads
from checks.graph.restoring import Folders
from checks.recording.absent import Absent
from checks.recording.revisions import Changes, Graph, Revision
from checks.recording.tree import TreeRecording


@dataclass(frozen=True, kw_only=True)
class MergedGraph:
    """The revisions of one Alembic environment, merged into those of the base."""

    recording: TreeRecording

    @property
    def changes(self) -> Changes | None:
        """Return the comparison with the base; None where no base is known (check ``history`` gives the reason)."""
        changes = self.recording.changes
        return None if isinstance(changes, Absent) else changes

    @cached_property
    def all(self) -> Graph:
        """Return the graph after the merge; the graph as checked out when no base is known."""
        return self.changes.merged_graph if self.changes else self.recording.graph

    @cached_property
    def graph(self) -> Graph:
        """Return ``all`` with one file for each revision id, the oldest."""
        if not self.duplicated:
            return self.all
        kept = {revision.id: revision for revision in reversed(self.by_age(self.all.revisions))}
        revisions = tuple(revision for revision in self.all.revisions if kept[revision.id] is revision)
        return Graph(revisions=revisions, unreadable=self.all.unreadable)

    @cached_property
    def revisions(self) -> Mapping[str, Revision]:
        """Return the revisions of ``graph`` by id."""
        return by_id(self.graph)

    @cached_property
    def duplicated(self) -> frozenset[str]:
        """Return the ids that more than one file has."""
        counts = Counter(revision.id for revision in self.all.revisions)
        return frozenset(id_ for id_, count in counts.items() if count > 1)

    @cached_property
    def base_heads(self) -> tuple[str, ...]:
        """Return the heads of the base itself."""
        return heads(self.changes.base_graph) if self.changes else ()

    @cached_property
    def up_to_date(self) -> frozenset[str]:
        """Return the revisions that an up-to-date database may be at: the base's effective heads, then and now."""
        changes = self.changes
        if changes is None:
            return frozenset()
        return frozenset({*effective_heads(changes.fork_graph), *effective_heads(changes.base_graph)})

    @cached_property
    def with_base_head(self) -> frozenset[str]:
        """Return the heads of the base, and all that is based on one."""
        return descendants(self.graph, *self.base_heads).union(self.base_heads)

    @cached_property
    def new(self) -> frozenset[str]:
        """Return the revisions that this change adds."""
        return frozenset(self.changes.new) if self.changes else frozenset()

    @cached_property
    def removed(self) -> frozenset[str]:
        """Return the revisions that this change removes."""
        return frozenset(self.changes.removed) if self.changes else frozenset()

    @cached_property
    def replaced(self) -> Mapping[str, str]:
        """Return the old ids of the revisions that have another one since this change, each with the new id."""
        return {pair.old: pair.new for pair in self.changes.replaced} if self.changes else {}

    @cached_property
    def moved(self) -> frozenset[str]:
        """Return the revisions of the base whose parents this change alters."""
        if self.changes is None:
            return frozenset()
        before = by_id(self.changes.fork_graph)
        return frozenset(
            now.id
            for now in self.recording.graph.revisions
            if now.id in before and set(before[now.id].down_revisions) != set(now.down_revisions)
        )

    @cached_property
    def joined_before(self) -> tuple[frozenset[str], ...]:
        """Return, for each merge revision that this change removes, all revisions that it came after."""
        if self.changes is None or not self.removed:
            return ()
        before = by_id(self.changes.fork_graph)
        merges = (id_ for id_ in self.changes.removed if id_ in before and len(before[id_].down_revisions) > 1)
        return tuple(ancestors(self.changes.fork_graph, id_) for id_ in merges if id_ not in self.replaced)

    @cached_property
    def folders(self) -> Folders:
        """Return where the version files are, to find where a removed one belongs."""
        return Folders(self.recording)

    @cached_property
    def broken(self) -> frozenset[str]:
        """Return the revisions that name a missing parent or are in a cycle."""
        known = self.revisions
        orphans = (r.id for r in self.graph.revisions if any(parent not in known for parent in r.down_revisions))
        return frozenset(orphans).union(*cycles(self.graph))

    @property
    def base(self) -> str:
        """Return the base's name, such as ``origin/main``."""
        return self.changes.base if self.changes else "the base"

    def is_whole(self, revision_id: str) -> bool:
        """Return whether no ancestor of a revision is missing or in a cycle."""
        return revision_id not in self._not_whole

    def on_base(self, revision_id: str) -> bool:
        """Return whether the base has a revision with this id."""
        return revision_id in self._base_ids

    def file_on_base(self, revision: Revision) -> bool:
        """Return whether the base has this id in the same file, which one of the two sides may have moved."""
        if self.on_base(revision.id) and revision.id not in self.duplicated:
            return True
        return (revision.id, revision.path) in self._base_files

    def is_checked_out(self, revision_id: str) -> bool:
        """Return whether the working tree has a revision, rather than the base alone."""
        return revision_id in by_id(self.recording.graph)

    def by_age(self, revisions: Iterable[Revision]) -> list[Revision]:
        """Return revisions oldest first: those of the base, then by create date.

        Where a revision lacks a create date, all keep the order in which they were given.
        """
        listed = list(revisions)
        dates = [created(revision) for revision in listed]
        known = [date for date in dates if date is not None]
        by_date = dict(zip((r.path for r in listed), known, strict=True)) if len(known) == len(listed) else {}
        oldest = datetime.datetime.min.replace(tzinfo=datetime.UTC)
        return sorted(listed, key=lambda r: (not self.file_on_base(r), by_date.get(r.path, oldest)))

    def named(self, revision_id: str) -> str:
        """Return an id with its message: ``c3d4 (add price)``."""
        revision = self.revisions.get(revision_id)
        return f"{revision_id} ({revision.message})" if revision and revision.message else revision_id

    @cached_property
    def _not_whole(self) -> frozenset[str]:
        return self.broken | descendants(self.graph, *self.broken)

    @cached_property
    def _base_ids(self) -> frozenset[str]:
        return frozenset(r.id for r in self.changes.base_graph.revisions) if self.changes else frozenset()

    @cached_property
    def _base_files(self) -> frozenset[tuple[str, str]]:
        return frozenset((r.id, r.path) for r in self.changes.base_graph.revisions) if self.changes else frozenset()


def created(revision: Revision) -> datetime.datetime | None:
    """Return the create date of a revision's docstring; one without a zone is read as UTC."""
    try:
        date = datetime.datetime.fromisoformat(revision.created or "")
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=datetime.UTC)
