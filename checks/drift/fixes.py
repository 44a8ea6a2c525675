"""The migrations that check ``drift`` proposes: the lines that ran on a copy of the database, and why others do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from checks.comparison.change import Change
from checks.drift.dated import Dated
from checks.drift.sentences import message
from checks.drift.undo_facts import undo_facts
from checks.findings import Snippet
from checks.plural import plural
from checks.recording.absent import Absent
from checks.recording.models import Candidate, Drift, LeftOut

TITLE = "Missing migration"
OLD_TITLE = "Migration for the old differences, for a separate change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Dated):
    """The differences at the head by their age, and what the proposed migration leaves of the new ones."""

    drift: Drift
    remaining: tuple[Change, ...]
    """New differences that are left after the proposed migration ran."""
    old_remaining: tuple[Change, ...] = ()
    """Old differences that are left after the migration for these ran."""

    @property
    def candidate_ran(self) -> bool:
        """Return whether the proposed migration changes something and ran on a copy of the database."""
        return isinstance(self.drift.candidate, Candidate) and self.drift.candidate.ran

    def remains(self, change: Change) -> bool:
        """Return whether the proposed migration does not repair the difference."""
        return not self.candidate_ran or change.place in {other.place for other in self.remaining}


def fixes(compared: Comparison) -> tuple[Snippet, ...]:
    """Return the migration for the new differences, and the one for the old differences."""
    return (*(_for_new(compared) if compared.new else ()), *_for_old(compared))


def _for_new(compared: Comparison) -> Iterator[Snippet]:
    candidate = compared.drift.candidate
    if isinstance(candidate, Absent):
        yield Snippet(title="Autogenerate could not write the missing migration", text=candidate.reason)
    elif candidate is not None and isinstance(candidate.repaired, Absent):
        yield from unusable(candidate, candidate.repaired)
    elif candidate is not None:
        if not candidate.empty:
            yield from _files(TITLE, candidate, _facts(candidate, _count(len(compared.remaining), "difference")))
            yield from _left(compared)
        yield from left_out(candidate.left_out)


def unverified(candidate: Candidate | Absent | None) -> tuple[Snippet, ...]:
    """Return the migration that autogenerate writes, where no comparison can verify it."""
    if not isinstance(candidate, Candidate):
        return ()
    if isinstance(candidate.repaired, Absent):
        return () if candidate.empty else tuple(unusable(candidate, candidate.repaired))
    ran, *undone = undo_facts(candidate) or ("runs",)
    facts = ["autogenerate", *_without(candidate.left_out), f"{ran} on a copy of the database", *undone]
    shown = () if candidate.empty else _files(TITLE, candidate, "; ".join(facts))
    return (*shown, *left_out(candidate.left_out))


def unusable(candidate: Candidate, error: Absent) -> Iterator[Snippet]:
    """Yield why no migration is shown: none that is known to run."""
    yield Snippet(
        title="The missing migration of autogenerate is not shown, because it fails on a copy of the database",
        text=error.reason,
    )
    yield from left_out(candidate.left_out)


def _files(title: str, candidate: Candidate, facts: str) -> Iterator[Snippet]:
    """Yield the file of a migration with what is known about it; several, where a hook of env.py splits it."""
    for number, (path, content) in enumerate(candidate.files, start=1):
        what = f"{title} ({facts})" if number == 1 else f"{title}, file {number} of {len(candidate.files)}"
        yield Snippet(title=what, text=content, language="python", path=path)


def left_out(items: Sequence[LeftOut]) -> Iterator[Snippet]:
    """Yield the operations that fail, each with its error."""
    if items:
        these = "this operation fails" if len(items) == 1 else f"these {len(items)} operations fail"
        yield Snippet(
            title=f"Not in the missing migration: {these} on a copy of the database",
            text="\n".join(f"# {item.error}\n{item.lines}" for item in items),
            language="python",
        )


def _facts(candidate: Candidate, remain: str) -> str:
    """Return who wrote the migration and what running it on a copy of the database showed."""
    count = len(candidate.added) + len(candidate.added_undo)
    added = f" + {plural(count, 'added line')}" if count else ""
    facts = [f"autogenerate{added}", *_without(candidate.left_out)]
    facts.append(f"verified: {'; '.join((*undo_facts(candidate), remain))}")
    if candidate.hooks_failed:
        facts.append(f"post-write hooks did not run: {candidate.hooks_failed}")
    return "; ".join(facts)


def _count(left: int, name: str) -> str:
    return f"{plural(left, name) if left else f'no {name}s'} remain{'s' * (left == 1)}"


def _without(items: Sequence[LeftOut]) -> Iterator[str]:
    if items:
        yield f"without {plural(len(items), 'operation')} that fail{'s' * (len(items) == 1)}"


def _left(compared: Comparison) -> Iterator[Snippet]:
    """Yield the new differences that are left, with lines that were not tried."""
    candidate = compared.drift.candidate
    tried = [item.lines for item in candidate.left_out] if isinstance(candidate, Candidate) else []
    blocks = [
        "\n".join((f"# {message(change)}", *change.repair))
        for change in compared.remaining
        if change.repair and not any(line in tried for line in change.repair)
    ]
    if blocks:
        yield Snippet(
            title="Add to upgrade(): autogenerate cannot write these changes",
            text="\n".join(blocks),
            language="python",
        )


def _for_old(compared: Comparison) -> Iterator[Snippet]:
    candidate = compared.drift.old_candidate
    if candidate is not None and candidate.ran:
        facts = _facts(candidate, _count(len(compared.old_remaining), "old difference"))
        yield from (replace(file, folded=True) for file in _files(OLD_TITLE, candidate, facts))
