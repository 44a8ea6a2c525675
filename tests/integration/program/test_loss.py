"""What revisions take away: each row of the tables is a branch of one project, which is rehearsed once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from action.postgres.databases import Databases
from action.rehearsal.rehearse import rehearse
from checks.check import Outcome
from checks.findings import Finding
from checks.loss.check import CHECK
from checks.policy import Policy
from checks.recording.tree import TreeRecording
from tests.integration.rehearsal.rehearsing import Heard, prepared, rehearsed
from tests.projects import builder
from tests.projects.losses import LOSSES, LossRow, project
from tests.projects.losses_of_models import MODELLED
from tests.projects.no_losses import NO_LOSSES
from tests.projects.whole_losses import WHOLE

ROWS = (*LOSSES, *MODELLED, *NO_LOSSES)


def judged(root: Path, databases: Databases, rows: tuple[LossRow, ...]) -> tuple[TreeRecording, Outcome]:
    base, head = project(rows)
    builder.commit(root, base)
    builder.git(root, "checkout", "-q", "-b", "work")
    builder.commit(root, head)
    with prepared(root, "main") as found, found.session() as session:
        plan = found.plan()
        plan = replace(plan, seeks_losses=True, compares_models=False)
        (recording,) = rehearse(plan, session, [databases], found.recording, Heard())
    return recording, CHECK.run(recording, Policy())


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of all rows."""

    root: Path
    outcome: Outcome

    def of(self, row: LossRow) -> list[Finding]:
        name = re.compile(rf"\b{row.name}(_old|_mood)?\b")
        return [one for one in self.outcome.findings if name.search(str(one.object))]

    def line(self, finding: Finding) -> str:
        """Return the line that a finding points at."""
        assert finding.path is not None
        assert finding.line is not None
        return (self.root / finding.path).read_text().splitlines()[finding.line - 1].strip()


@pytest.fixture(scope="module")
def all_rows(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Judged]:
    root = tmp_path_factory.mktemp("losses")
    yield Judged(root, judged(root, databases, ROWS)[1])
    databases.drop_all()


def test_everything_was_judged(all_rows: Judged) -> None:
    assert (all_rows.outcome.unjudged, all_rows.outcome.reason) == (None, None)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(all_rows: Judged, row: LossRow) -> None:
    found = [(one.severity.value, one.rule, one.object) for one in all_rows.of(row)]
    assert found == list(row.found)


@pytest.mark.parametrize("row", [row for row in ROWS if row.why], ids=lambda row: row.name)
def test_reasons(all_rows: Judged, row: LossRow) -> None:
    expected = [row.text(why) for why in row.why]
    assert [one.why[: len(why)] for one, why in zip(all_rows.of(row), expected, strict=True)] == expected


@pytest.mark.parametrize(("line", "whole"), WHOLE, ids=[finding.rule for _, finding in WHOLE])
def test_the_whole_finding(all_rows: Judged, line: str, whole: Finding) -> None:
    [found] = [one for one in all_rows.outcome.findings if one.object == whole.object]
    assert all_rows.line(found) == line
    named = f"Revision {found.revision} {whole.message}"
    assert found == replace(whole, message=named, revision=found.revision, path=found.path, line=found.line)


def test_a_drop_counts_and_points_at_what_it_drops_itself(all_rows: Judged) -> None:
    [found] = [one for one in all_rows.outcome.findings if one.object == "public.dropped_part_by_part"]
    assert all_rows.line(found) == 'op.drop_table("dropped_part_by_part")'
    assert found.message.endswith("but the models on main still map it. 1 constraint goes with it.")


HISTORY = (
    builder.Revision(
        id="a1",
        upgrade="""
            op.execute("CREATE TABLE book (id int, title text DEFAULT 'x', pages bigint, note text)")
            op.execute("CREATE INDEX book_pages ON book (pages); CREATE INDEX book_note ON book (note)")
        """,
    ),
    builder.Revision(
        id="b2",
        down="a1",
        upgrade="""
            op.add_column("book", sa.Column("full_title", sa.Text()))
            op.drop_column("book", "title")
            op.drop_column("book", "note")
        """,
    ),
    builder.Revision(
        id="c3",
        down="b2",
        upgrade="""
            op.alter_column("book", "pages", type_=sa.Integer())
            op.execute("DELETE FROM book")
        """,
    ),
)


def test_without_a_base_all_revisions_are_compared_with_those_before(tmp_path: Path, databases: Databases) -> None:
    first, *others = HISTORY
    builder.write(tmp_path, builder.tree(first), builder.versions(*others))
    recording, _ = rehearsed(tmp_path, databases, seeks_losses=True, all_revisions=True, compares_models=False)
    outcome = CHECK.run(recording, Policy())
    assert (outcome.unjudged, outcome.reason) == (None, None)
    assert [(one.severity.value, one.rule, one.object, one.revision) for one in outcome.findings] == [
        ("error", "renamed-by-drop", "public.book.title", "b2"),
        ("notice", "column-dropped", "public.book.note", "b2"),
        ("warning", "rows-deleted", "public.book", "c3"),
        ("warning", "type-narrowed", "public.book.pages", "c3"),
    ]
    # What went with each of two columns is of that column alone.
    assert [one.message.partition(". ")[2] for one in outcome.findings[:2]] == [
        "1 default goes with it.",
        "1 index goes with it.",
    ]
