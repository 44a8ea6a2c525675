"""Each downgrade of the tables, undone and applied again on a real server: what is said of it; nothing of the right."""

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
from tests.projects import downgrades, downgrades_incomplete, downgrades_renamed, downgrades_right, downgrades_wrong
from tests.projects.builder import commit, git
from tests.projects.downgrades import Row

AGAIN = "upgrade-again-fails"
RIGHT = (*downgrades_right.ROWS, *downgrades_right.DECLARED)
GROUPS = {
    "failing": downgrades_wrong.FAILING,
    "empty": (*downgrades_wrong.EMPTY, *downgrades_wrong.AGAIN),
    "leaving": downgrades_incomplete.LEAVING,
    "losing": downgrades_incomplete.LOSING,
    "renamed": downgrades_renamed.ROWS,
    "right": RIGHT[::2],
    "right, too": RIGHT[1::2],
}
"""By name: the rows that are new revisions of one project, which is rehearsed once."""


def place(row: str) -> str:
    return f"migrations/versions/{row}_.py"


WHOLE = (
    Finding(
        rule="downgrade-fails",
        severity=Severity.ERROR,
        message='downgrade() of revision wrong_name fails: constraint "uq_misnamed_a" of relation "misnamed" does not '
        "exist; upgrade() has created unique constraint misnamed_a_key of table public.misnamed.",
        why="A rollback stops at this revision, so neither it nor an earlier one can be undone.",
        remedy="Use the name that the database has.",
        path=place("wrong_name"),
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
                text='op.drop_constraint(op.f("misnamed_a_key"), "misnamed", type_="unique")',
                language="python",
                path=place("wrong_name"),
            ),
        ),
    ),
    Finding(
        rule="downgrade-missing",
        severity=Severity.WARNING,
        message="downgrade() of revision empty is empty, but upgrade() changes the schema: column public.kept.b.",
        why="`alembic downgrade` succeeds and moves the version table back, but the schema keeps its changes. The next "
        "upgrade meets them.",
        remedy="Write downgrade() with these lines. If revision empty cannot be undone, let it raise "
        "NotImplementedError with the reason.",
        path=place("empty"),
        line=15,
        revision="empty",
        evidence=(Snippet(title="What stays after the downgrade", text="column public.kept.b stays"),),
        fixes=(
            Snippet(
                title="Add to downgrade()", text='op.drop_column("kept", "b")', language="python", path=place("empty")
            ),
        ),
    ),
    Finding(
        rule="downgrade-leaves",
        severity=Severity.WARNING,
        message="downgrade() of revision enum_left leaves enum public.color.",
        why="After a rollback, the schema is not the one that the previous revision expects.",
        remedy="Add the missing lines to downgrade() of revision enum_left.",
        path=place("enum_left"),
        line=15,
        revision="enum_left",
        object="public.color",
        fixes=(
            Snippet(
                title="Add to downgrade()",
                text='op.execute("DROP TYPE color")',
                language="python",
                path=place("enum_left"),
            ),
        ),
    ),
    Finding(
        rule=AGAIN,
        severity=Severity.ERROR,
        message='Revision enum_left, applied again after its downgrade(), fails: type "color" already exists.',
        why="After a rollback, the next deploy fails at this line.",
        remedy="Undo in downgrade() what is left: enum public.color.",
        path=place("enum_left"),
        line=12,
        revision="enum_left",
        object="public.color",
        evidence=(
            Snippet(title="Statement", text="CREATE TYPE color AS ENUM ('red')", language="sql"),
            Snippet(title="PostgreSQL error", text='ERROR:  42710: type "color" already exists'),
        ),
    ),
    Finding(
        rule="downgrade-loses",
        severity=Severity.WARNING,
        message="downgrade() of revision where_lost does not restore WHERE (a > 0) of unique index ix_partial of table "
        "public.partial.",
        why="After a rollback, the schema is not the one that the previous revision expects.",
        remedy="Add the missing lines to downgrade() of revision where_lost.",
        path=place("where_lost"),
        line=15,
        revision="where_lost",
        object="public.partial.ix_partial",
        evidence=(
            Snippet(
                title="Difference",
                text="definition: USING btree (a) WHERE (a > 0) before the upgrade, USING btree (a) after the "
                "downgrade",
            ),
        ),
        fixes=(
            Snippet(
                title="Add to downgrade()",
                text='op.drop_index("ix_partial", table_name="partial")\n'
                'op.create_index("ix_partial", "partial", ["a"], unique=True, postgresql_where=sa.text("a > 0"))',
                language="python",
                path=place("where_lost"),
            ),
        ),
    ),
)
"""One finding of each rule, with everything in it."""


def judged(rows: Sequence[Row], root: Path, databases: Databases) -> Outcome:
    """Rehearse one project with all rows as new revisions, and judge its round trips."""
    commit(root, downgrades.base(rows))
    git(root, "checkout", "-q", "-b", "work")
    commit(root, downgrades.new(rows))
    recording, _ = rehearsed(root, databases, base="main", undoes=True, compares_models=False)
    return run(recording, Policy())


def said(outcome: Outcome, row: Row) -> list[tuple[str, Severity, str | None, str, tuple[str, ...]]]:
    """Return what is said of a row; the lines to write only where it has some to compare."""
    own = [finding for finding in outcome.findings if finding.revision == row.name]
    lines = [tuple(fix.text for fix in f.fixes) if row.lines else () for f in own]
    objects = [None if f.rule == AGAIN else f.object for f in own]
    each = zip(own, objects, lines, strict=True)
    return [(f.rule, f.severity, named, f.message, written) for f, named, written in each]


def expected(row: Row) -> list[tuple[str, Severity, str | None, str | None, tuple[str, ...]]]:
    severity = Severity.ERROR if row.rule == downgrades_wrong.FAILS else Severity.WARNING
    lines = (row.lines,) if row.lines else ()
    found: list[tuple[str, Severity, str | None, str | None, tuple[str, ...]]] = []
    if row.rule:
        found.append((row.rule, Severity.NOTICE if row.notice else severity, row.object, row.says, lines))
    if row.again is not None:
        found.append((AGAIN, Severity.ERROR, None, row.again, ()))
    return found


@pytest.mark.parametrize("group", GROUPS)
def test_every_downgrade_is_judged_by_what_it_does(group: str, tmp_path: Path, databases: Databases) -> None:
    rows = GROUPS[group]
    outcome = judged(rows, tmp_path, databases)
    assert (outcome.unjudged, outcome.reason) == (None, None)
    assert {row.name: said(outcome, row) for row in rows} == {row.name: expected(row) for row in rows}
    names = {row.name for row in rows}
    whole = [finding for finding in WHOLE if finding.revision in names]
    found = {(finding.rule, finding.revision): finding for finding in outcome.findings}
    assert [found[finding.rule, finding.revision] for finding in whole] == whole
    following = [finding for finding in outcome.findings if finding.follows is not None]
    assert {(f.rule, f.problem, f.follows) for f in following} == {
        (AGAIN, f"downgrade of {f.revision}", "downgrade") for f in following
    }


def test_the_tables_are_as_large_as_was_asked_for() -> None:
    right = [row for row in RIGHT if not row.notice]
    assert (len(downgrades_wrong.ROWS) >= 40, len(right) >= 25) == (True, True)
    assert {finding.rule for finding in WHOLE} == {row.rule for row in downgrades_wrong.ROWS if row.rule} | {AGAIN}
