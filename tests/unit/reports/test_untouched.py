"""Alembic configs that the change does not touch: one line for all of them, and no status that speaks for them."""

from __future__ import annotations

from dataclasses import replace

from action.pull_request.status import statuses
from action.reports import markdown, terminal
from checks import CHECKS
from checks.findings import Report, Verdict
from checks.judge import judge
from checks.policy import Policy
from checks.recording.tree import Recording
from tests.unit.checks.test_nothing_unseen_passes import left_alone
from tests.unit.reports import bookstore_recordings as recordings

NOTE = "Not touched by this change, so only their files were checked: a.ini, b.ini, c.ini, d.ini, e.ini and 2 more."
REASON = "Not run: none of the 9 files that this Alembic config uses has changed since main."


def services(*, touched: bool = True) -> Report:
    """Return the report on seven services, and on an eighth, which the change touches."""
    (alone,) = left_alone().trees
    trees = [replace(alone, path=f"{letter}.ini") for letter in "abcdefg"]
    return judge(Recording(trees=(*trees, *(recordings.all_green().trees if touched else ()))), Policy(), CHECKS)


def test_they_are_one_line_beside_the_table_of_those_that_ran() -> None:
    report = services()
    assert report.verdict is Verdict.PASSED
    for text in (markdown.render(report), terminal.render(report, color=False, width=200)):
        assert NOTE in text
        assert REASON not in text
        assert [text.count(check.id) for check in CHECKS] == [1] * len(CHECKS)


def test_where_nothing_ran_that_line_is_all() -> None:
    text = markdown.render(services(touched=False))
    assert text == f"## \N{WHITE HEAVY CHECK MARK} Migrations: no problems found\n\n{NOTE}\n"


def test_a_single_config_says_for_each_check_why_it_did_not_run() -> None:
    text = markdown.render(judge(left_alone(), Policy(), CHECKS))
    ran = "`upgrade`, `downgrade`, `loss`, `replay`, `drift`"
    assert f"| {ran} | \N{HEAVY MINUS SIGN}&nbsp;skipped | {REASON} |" in text


def test_one_with_a_finding_has_its_rows() -> None:
    report = services()
    first, *others = report.trees
    (found,) = [one for one in judge(recordings.two_heads(), Policy(), CHECKS).trees[0].checks if one.id == "heads"]
    with_heads = replace(first, checks=(found, *first.checks[1:]))
    text = markdown.render(replace(report, trees=(with_heads, *others)))
    assert REASON in text
    assert "checked: b.ini, c.ini, d.ini, e.ini, f.ini and 1 more." in text


def test_a_status_names_what_ran() -> None:
    shown = {status.context: (status.state, status.description) for status in statuses(services())}
    assert shown["alembic-checks / upgrade"][0] == "success"
    assert shown["alembic-checks / upgrade"][1].startswith("1 of 8 Alembic configs; ")
    assert REASON not in shown["alembic-checks / upgrade"][1]
    assert shown["alembic-checks / heads"][1].startswith("8 of 8 Alembic configs; a.ini: ")
