"""The old and the new code of an edited revision, and what its runs on a new database cannot show."""

from __future__ import annotations

from dataclasses import dataclass

from action.base.interface import BaseError
from action.postgres.sql_tokens import Effect
from action.rehearsal.plan import Plan
from action.rehearsal.sent import Sent, diff_of
from action.repository.inside import read_inside
from action.version_files.changed_code import changed_code, past_sqlalchemy
from action.version_files.meaning import Part, meaning
from checks.graph.algorithms import by_id
from checks.recording.absent import Absent
from checks.recording.edit_runs import EditRun, Sameness
from checks.recording.revisions import Edit


@dataclass(frozen=True, slots=True)
class CodePair:
    """One part of a revision, as the merge base and as the working tree has it."""

    old: Part
    new: Part

    def unseen(self, old: Sent, new: Sent) -> str | None:
        """Return why runs on a new database do not show whether both do the same on a full one, in a clause."""
        past = past_sqlalchemy(self.old) or past_sqlalchemy(self.new)
        if past is not None:
            return f"they use `{past}`, which can send statements that this run does not see"
        gone, came = changed_code(self.old, self.new)
        if not (gone or came):
            return None
        if old.of(Effect.READS) or new.of(Effect.READS):
            return "they read rows, and a new database has too few of them"
        for lines, sent, name in ((came, new, "line"), (gone, old, "the old line")):
            left_out = next((one for one in lines if not one.ran(sent.lines)), None)
            if left_out is not None:
                return f"{name} {left_out.first} has changed and did not run there"
        return None


def as_far_as_seen(plan: Plan, edit: Edit, part: str, sameness: Sameness, sent: tuple[Sent, Sent]) -> EditRun:
    """Return that both do the same, or UNDECIDED where only another database than a new one could show a difference."""
    pair = _code_pair(plan, edit, part)
    reason = pair.reason if isinstance(pair, Absent) else pair.unseen(*sent)
    return EditRun(
        revision=edit.revision,
        part=part,
        sameness=sameness if reason is None else Sameness.UNDECIDED,
        statements=len(sent[1].statements),
        sent="" if sameness is Sameness.SAME_STATEMENTS else diff_of(*sent),
        reason=reason or "",
    )


def not_run(edit: Edit, part: str, reason: str) -> EditRun:
    """Return that both were not compared, for a reason in a clause."""
    return EditRun(revision=edit.revision, part=part, sameness=Sameness.NOT_RUN, reason=reason.rstrip("."))


def _code_pair(plan: Plan, edit: Edit, part: str) -> CodePair | Absent:
    """Return the code of a part before and after an edit."""
    path = by_id(plan.graph)[edit.revision].path
    try:
        assert plan.base is not None
        before = plan.base.fork.read([edit.old_path], lambda name: name == edit.old_path).get(edit.old_path)
        after = read_inside(plan.root / path, plan.root)
    except (BaseError, OSError) as error:
        return Absent(reason=f"its file cannot be read: {error}")
    old, new = meaning(before or b""), meaning(after)
    if old is None or new is None:
        return Absent(reason="its file cannot be read")
    return CodePair(old[part], new[part])
