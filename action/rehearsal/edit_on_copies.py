"""Compares the old and the new code of one edited revision, each run on a copy of the same database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from action.postgres.sql_tokens import Effect
from action.rehearsal.database_state import version_table
from action.rehearsal.edit_copies import EditCopies, Ran
from action.rehearsal.edited_code import as_far_as_seen, not_run
from action.rehearsal.plan import Plan
from action.rehearsal.same_meaning import without_same_meaning
from action.rehearsal.schema_difference import differing_objects
from action.rehearsal.sent import Sent, alike, same_statements, same_with
from action.session.session import Session
from checks.recording.absent import Absent
from checks.recording.edit_runs import EditRun, Sameness
from checks.recording.revisions import Edit, Revision

_OF_ROWS = {Effect.DATA, Effect.READS}


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
        found = differing_objects(old.schema, new.schema, version_table(self.copies.new))
        differences = without_same_meaning(found, self.copies.databases, new.database)
        rows = self.copies.other_rows(old.database, new.database)
        if rows and not differences:
            again = again or self._again(part, start)
            rows = self.copies.other_rows(old.database, new.database, again.database if again else None)
        run = as_far_as_seen(self.plan, self.edit, part, Sameness.SAME_RESULT, (old.sent, new.sent))
        if differences or rows:
            return replace(run, sameness=Sameness.DIFFERENT, differences=differences, rows=rows, reason="")
        reason = _undecided(old.sent, new.sent, again.sent if again else None)
        return run if reason is None else replace(run, sameness=Sameness.UNDECIDED, reason=reason)


def _undecided(old: Sent, new: Sent, again: Sent | None) -> str | None:
    """Return why the same result does not count, in a clause; None where it does."""
    if not same_with(_OF_ROWS, old, new, again):
        return "they send different statements to change rows, and a new database has too few of them"
    if again is not None and not same_statements(old, again) and not same_with({Effect.ROWS}, old, new, again):
        return "they add rows with values that every run makes anew"
    return None
