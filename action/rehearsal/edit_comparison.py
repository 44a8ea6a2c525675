"""Compares what edited revisions do with what they did before: by the runs from empty, or on copies made for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from action.postgres.databases import Databases
from action.postgres.roles import DEPLOYED, Roles
from action.rehearsal.base_code import BaseCheckout
from action.rehearsal.edit_copies import EditCopies
from action.rehearsal.edit_on_copies import EditOnCopies
from action.rehearsal.edited_code import as_far_as_seen, not_run
from action.rehearsal.plan import Plan
from action.rehearsal.sent import same_statements
from action.rehearsal.watched_edits import WatchedEdits
from action.rehearsal.watcher import Watcher
from action.session.session import Session
from checks.graph.algorithms import by_id, order
from checks.recording.absent import Absent
from checks.recording.edit_runs import EditRun, Sameness
from checks.recording.legs import Leg, LegName
from checks.recording.revisions import Edit, Revision

_MOST = 25
"""Most revisions that are run again on copies."""
_NOTHING_RAN = "no migration ran on an empty database"
_EDITS = "edits"
"""The way of the copies, whose roles are hidden from the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditComparison:
    """What is needed to compare the edits of one tree, after its runs."""

    plan: Plan
    edits: WatchedEdits
    session: Session
    base: BaseCheckout
    databases: Databases
    roles: Roles
    watcher: Watcher

    def compared(self, legs: Sequence[Leg]) -> tuple[EditRun, ...]:
        """Return a comparison of each part of each edit; ``legs`` are the runs that the edits were watched in."""
        found = {(edit.revision, part): self._by_legs(edit, part, legs) for edit, part in self.edits.parts()}
        waiting: dict[str, list[str]] = {}
        for (revision, part), run in found.items():
            if run is None:
                waiting.setdefault(revision, []).append(part)
        if waiting:
            found.update({(run.revision, run.part): run for run in self._on_copies(waiting, legs)})
        return tuple(run for run in found.values() if run is not None)

    def _by_legs(self, edit: Edit, part: str, legs: Sequence[Leg]) -> EditRun | None:
        """Return what the runs from empty tell; None where only copies can."""
        if part != "upgrade":
            return None
        failed = next((leg.failure for leg in legs if leg.failure and leg.failure.revision == edit.revision), None)
        old, new = self.edits.by_base.of(edit.revision), self.edits.by_head.of(edit.revision)
        if old is not None and new is not None and same_statements(old, new):
            return as_far_as_seen(self.plan, edit, part, Sameness.SAME_STATEMENTS, (old, new))
        if failed is not None and not (old is not None and new is not None):
            said = failed.first_line.rstrip(".")
            if old is None and failed.sqlstate == _SYNTAX_ERROR:
                return EditRun(revision=edit.revision, part=part, sameness=Sameness.NEVER_RAN, reason=said)
            return not_run(edit, part, f"its {'new' if old is not None else 'old'} upgrade() fails ({said})")
        return None

    def _on_copies(self, waiting: Mapping[str, Sequence[str]], legs: Sequence[Leg]) -> Iterator[EditRun]:
        """Yield the comparisons that need copies of a database at the parents of a revision."""
        edits, copies = {edit.revision: edit for edit in self.edits.edits}, self._copies(legs)
        asked = [revision for revision in self._in_order() if revision.id in waiting]
        for number, revision in enumerate(asked):
            edit, parts = edits[revision.id], waiting[revision.id]
            reason = f"only {_MOST} revisions are run again" if number >= _MOST else self._not_comparable(revision)
            if isinstance(copies, Absent) or reason is not None:
                reason = copies.reason if isinstance(copies, Absent) else reason or ""
                yield from (not_run(edit, part, reason) for part in parts)
                continue
            yield from EditOnCopies(self.plan, copies, edit, revision).runs(parts)
            copies.drop()
        if isinstance(copies, EditCopies):
            self.roles.go(DEPLOYED)

    def _in_order(self) -> list[Revision]:
        assert not isinstance(self.plan.changes, Absent)
        known = by_id(self.plan.changes.fork_graph)
        return [known[id_] for id_ in order(self.plan.changes.fork_graph)]

    def _copies(self, legs: Sequence[Leg]) -> EditCopies | Absent:
        ran = any(leg.succeeded and leg.name in (LegName.EMPTY_TO_BASE, LegName.EMPTY_TO_HEADS) for leg in legs)
        if not (ran or self.plan.history_changed):
            return Absent(reason=_NOTHING_RAN)
        session = self.base.session()
        if isinstance(session, Absent) or not ran:
            return session if isinstance(session, Absent) else Absent(reason=_NOTHING_RAN)
        self.roles.go(_EDITS)
        return EditCopies(old=session, new=self.session, databases=self.databases, watcher=self.watcher)

    def _not_comparable(self, old: Revision) -> str | None:
        new, ids = by_id(self.plan.graph)[old.id], by_id(self.plan.graph)
        if set(new.down_revisions) != set(old.down_revisions) or set(new.depends_on) != set(old.depends_on):
            return "its parents have changed as well"
        if not {*new.down_revisions, *new.depends_on} <= ids.keys():
            return "it depends on a branch label"
        return None


_SYNTAX_ERROR = "42601"
"""The SQLSTATE of a failure that does not depend on what is in the database."""
