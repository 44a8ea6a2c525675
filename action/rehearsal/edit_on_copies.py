"""Compares the old and the new code of one edited revision, each run on a copy of the same database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from action.rehearsal.database_state import version_table
from action.rehearsal.edit_copies import EditCopies, Ran
from action.rehearsal.edited_code import as_far_as_seen, not_run
from action.rehearsal.plan import Plan
from action.rehearsal.sent import alike, same_data, same_statements
from action.session.session import Session
from checks.comparison.objects import changed_objects
from checks.recording.absent import Absent
from checks.recording.edit_runs import EditRun, Sameness
from checks.recording.revisions import Edit, Revision


@dataclass(frozen=True, slots=True)
class EditOnCopies:
    """One edited revision, and what its comparisons need."""

    plan: Plan
    copies: EditCopies
    edit: Edit
    revision: Revision

    def runs(self, parts: Sequence[str]) -> Iterator[EditRun]:
        """Yield the comparison of each part."""
        start = self.copies.at_parents(self.revision)
        if isinstance(start, Absent):
            yield from (not_run(self.edit, part, start.reason) for part in parts)
            return
        if "upgrade" in parts:
            yield self._compared("upgrade", start)
        if "downgrade" in parts:
            applied = self.copies.upgraded(self.copies.old, start, self.revision.id)
            if isinstance(applied, Absent):
                yield not_run(self.edit, "downgrade", f"its old upgrade() fails ({applied.reason})")
            else:
                yield self._compared("downgrade", applied.database)

    def _run(self, part: str, session: Session, start: str) -> Ran | Absent:
        if part == "upgrade":
            return self.copies.upgraded(session, start, self.revision.id)
        return self.copies.downgraded(session, start, self.revision)

    def _compared(self, part: str, start: str) -> EditRun:
        old, new = (self._run(part, session, start) for session in (self.copies.old, self.copies.new))
        if isinstance(old, Absent):
            return not_run(self.edit, part, f"its old {part}() fails ({old.reason})")
        if isinstance(new, Absent):
            return not_run(self.edit, part, f"its new {part}() fails ({new.reason})")
        again = None
        if not same_statements(old.sent, new.sent) and alike(old.sent, new.sent):
            again = self._again(part, start)
        if same_statements(old.sent, new.sent, again.sent if again else None):
            return as_far_as_seen(self.plan, self.edit, part, Sameness.SAME_STATEMENTS, (old.sent, new.sent))
        return self._by_result(part, start, (old, new, again))

    def _again(self, part: str, start: str) -> Ran | None:
        """Run the old code once more: what then differs is made anew by every run, such as a time."""
        found = self._run(part, self.copies.old, start)
        return None if isinstance(found, Absent) else found

    def _by_result(self, part: str, start: str, ran: tuple[Ran, Ran, Ran | None]) -> EditRun:
        old, new, again = ran
        differences = changed_objects(old.schema, new.schema, without=(version_table(self.copies.new),))
        rows = self.copies.other_rows(old.database, new.database)
        if rows and not differences:
            again = again or self._again(part, start)
            rows = self.copies.other_rows(old.database, new.database, again.database if again else None)
        found = as_far_as_seen(self.plan, self.edit, part, Sameness.SAME_RESULT, (old.sent, new.sent))
        if differences or rows:
            return replace(found, sameness=Sameness.DIFFERENT, differences=differences, rows=rows, reason="")
        if not same_data(old.sent, new.sent, again.sent if again else None):
            reason = "they send different statements to change rows, and a new database has too few of them"
            return replace(found, sameness=Sameness.UNDECIDED, reason=reason)
        return found
