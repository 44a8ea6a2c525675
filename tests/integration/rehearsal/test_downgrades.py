"""Each downgrade of the tables, undone and applied again on a real server: what is said of it, and of none that is right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from action.postgres.databases import Databases
from checks.check import Outcome
from checks.downgrade.check import run
from checks.findings import Finding, Severity, Snippet
from checks.policy import Policy
from tests.integration.rehearsal.rehearsing import rehearsed
from tests.projects import downgrades, downgrades_right, downgrades_wrong
from tests.projects.builder import commit, git
from tests.projects.downgrades import Row

AGAIN = "upgrade-again-fails"
RIGHT = (*downgrades_right.ROWS, *downgrades_right.DECLARED)


def judged(rows: Sequence[Row], root: Path, databases: Databases) -> Outcome:
    """Rehearse one project with all rows as new revisions, and judge its round trips."""
    commit(root, downgrades.base(rows))
    git(root, "checkout", "-q", "-b", "work")
    commit(root, downgrades.new(rows))
    names = tuple(row.name for row in rows)
    recording, _ = rehearsed(root, databases, base="main", judged=names, undoes=True, compares_models=False)
    return run(recording, Policy())


@pytest.fixture(scope="module")
def wrong(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return judged(downgrades_wrong.ROWS, tmp_path_factory.mktemp("wrong"), databases)


@pytest.fixture(scope="module")
def right(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return judged(RIGHT, tmp_path_factory.mktemp("right"), databases)


def said(outcome: Outcome, row: Row) -> list[tuple[str, Severity, str | None, str]]:
    own = [finding for finding in outcome.findings if finding.revision == row.name]
    return [(f.rule, f.severity, f.object if f.rule != AGAIN else None, f.message) for f in own]


def finding_of(outcome: Outcome, row: str, rule: str) -> Finding:
    (found,) = [finding for finding in outcome.findings if (finding.revision, finding.rule) == (row, rule)]
    return found


def test_every_downgrade_was_judged(wrong: Outcome, right: Outcome) -> None:
    assert [(outcome.unjudged, outcome.reason) for outcome in (wrong, right)] == [(None, None)] * 2


@pytest.mark.parametrize("row", downgrades_wrong.ROWS, ids=lambda row: row.name)
def test_a_wrong_downgrade_is_named(row: Row, wrong: Outcome) -> None:
    severity = Severity.ERROR if row.rule == downgrades_wrong.FAILS else Severity.WARNING
    expected = [(row.rule, severity, row.object, row.says)] if row.rule else []
    expected += [(AGAIN, Severity.ERROR, None, row.again)] if row.again is not None else []
    assert said(wrong, row) == expected
    if row.lines:
        own = [finding for finding in wrong.findings if (finding.revision, finding.rule) == (row.name, row.rule)]
        assert [fix.text for finding in own for fix in finding.fixes] == [row.lines]


@pytest.mark.parametrize("row", RIGHT, ids=lambda row: row.name)
def test_a_right_downgrade_raises_nothing(row: Row, right: Outcome) -> None:
    assert said(right, row) == ([(row.rule, Severity.NOTICE, row.object, row.says)] if row.notice else [])


def test_a_downgrade_without_the_name_has_the_line_with_it(wrong: Outcome) -> None:
    path = "migrations/versions/wrong_name_.py"
    assert finding_of(wrong, "wrong_name", "downgrade-fails") == Finding(
        rule="downgrade-fails",
        severity=Severity.ERROR,
        message='downgrade() of revision wrong_name fails: constraint "uq_misnamed_a" of relation "misnamed" does not '
        "exist; upgrade() has created unique constraint misnamed_a_key of table public.misnamed.",
        why="A rollback stops at this revision, so neither it nor an earlier one can be undone.",
        remedy="Use the name that the database has.",
        path=path,
        line=16,
        revision="wrong_name",
        evidence=(
            Snippet(title="Statement", text="ALTER TABLE misnamed DROP CONSTRAINT uq_misnamed_a", language="sql"),
            Snippet(
                title="PostgreSQL error",
                text='ERROR:  42704: constraint "uq_misnamed_a" of relation "misnamed" does not exist',
            ),
        ),
        fixes=(
            Snippet(
                title="Write instead",
                text='op.drop_constraint("misnamed_a_key", "misnamed", type_="unique")',
                language="python",
                path=path,
            ),
        ),
    )


def test_an_empty_downgrade_has_the_lines_of_a_whole_one(wrong: Outcome) -> None:
    path = "migrations/versions/empty_.py"
    assert finding_of(wrong, "empty", "downgrade-missing") == Finding(
        rule="downgrade-missing",
        severity=Severity.WARNING,
        message="downgrade() of revision empty is empty, but upgrade() changes the schema: column public.kept.b.",
        why="`alembic downgrade` succeeds and moves the version table back, but the schema keeps its changes. The next "
        "upgrade meets them.",
        remedy="Write downgrade() with these lines. If revision empty cannot be undone, let it raise NotImplementedError "
        "with the reason.",
        path=path,
        line=15,
        revision="empty",
        evidence=(Snippet(title="What stays after the downgrade", text="column public.kept.b stays"),),
        fixes=(
            Snippet(title="Add to downgrade()", text='op.drop_column("kept", "b")', language="python", path=path),
        ),
    )  # fmt: skip


def test_what_is_left_and_what_it_keeps_from_running_again_are_one_problem(wrong: Outcome) -> None:
    path = "migrations/versions/enum_left_.py"
    left, again = (finding_of(wrong, "enum_left", rule) for rule in ("downgrade-leaves", AGAIN))
    assert left == Finding(
        rule="downgrade-leaves",
        severity=Severity.WARNING,
        message="downgrade() of revision enum_left leaves enum public.color.",
        why="After a rollback, the schema is not the one that the previous revision expects.",
        remedy="Add the missing lines to downgrade() of revision enum_left.",
        path=path,
        line=15,
        revision="enum_left",
        object="public.color",
        fixes=(
            Snippet(
                title="Add to downgrade()", text='op.execute("DROP TYPE color")', language="python", path=path
            ),
        ),
    )  # fmt: skip
    assert again == Finding(
        rule=AGAIN,
        severity=Severity.ERROR,
        message='Revision enum_left, applied again after its downgrade(), fails: type "color" already exists.',
        why="After a rollback, the next deploy fails at this line.",
        remedy="Undo in downgrade() what is left: enum public.color.",
        path=path,
        line=12,
        revision="enum_left",
        object="public.color",
        evidence=(
            Snippet(title="Statement", text="CREATE TYPE color AS ENUM ('red')", language="sql"),
            Snippet(title="PostgreSQL error", text='ERROR:  42710: type "color" already exists'),
        ),
    )
    assert (left.problem, left.follows) == (again.problem, None)
    assert again.follows == "downgrade"


def test_what_is_lost_shows_both(wrong: Outcome) -> None:
    path = "migrations/versions/where_lost_.py"
    assert finding_of(wrong, "where_lost", "downgrade-loses") == Finding(
        rule="downgrade-loses",
        severity=Severity.WARNING,
        message="downgrade() of revision where_lost does not restore WHERE (a > 0) of unique index ix_partial of table "
        "public.partial.",
        why="After a rollback, the schema is not the one that the previous revision expects.",
        remedy="Add the missing lines to downgrade() of revision where_lost.",
        path=path,
        line=15,
        revision="where_lost",
        object="public.partial.ix_partial",
        evidence=(
            Snippet(
                title="Difference",
                text="definition: USING btree (a) WHERE (a > 0) before the upgrade, USING btree (a) after the downgrade",
            ),
        ),
        fixes=(
            Snippet(
                title="Add to downgrade()",
                text='op.drop_index("ix_partial", table_name="partial")\n'
                'op.create_index("ix_partial", "partial", ["a"], unique=True, postgresql_where=sa.text("a > 0"))',
                language="python",
                path=path,
            ),
        ),
    )
