"""The edited revisions of a change, which every run from empty watches closely: that often tells all there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from action.rehearsal.plan import Plan
from action.rehearsal.sent import SentByRevision
from checks.recording.absent import Absent
from checks.recording.legs import CodeOf
from checks.recording.revisions import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedEdits:
    """The edits that the base has not made as well, and what their revisions sent with either code."""

    edits: tuple[Edit, ...] = ()
    by_base: SentByRevision
    by_head: SentByRevision

    @property
    def revisions(self) -> tuple[str, ...]:
        """Return the edited revisions."""
        return tuple(edit.revision for edit in self.edits)

    def parts(self) -> Iterator[tuple[Edit, str]]:
        """Yield each edit with each part of it that is this change's own."""
        for edit in self.edits:
            yield from ((edit, part) for part in edit.parts if part not in edit.on_base)

    def heard(self, code: CodeOf) -> SentByRevision:
        """Return what listens to the runs of one commit's code."""
        return self.by_base if code is CodeOf.BASE else self.by_head


def watched_edits(plan: Plan) -> WatchedEdits:
    """Return the edits of a plan; none where no base is known."""
    edits = () if isinstance(plan.changes, Absent) else plan.changes.edits
    own = tuple(edit for edit in edits if set(edit.parts) - set(edit.on_base))
    revisions = [edit.revision for edit in own]
    return WatchedEdits(edits=own, by_base=SentByRevision(revisions), by_head=SentByRevision(revisions))
