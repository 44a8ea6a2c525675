"""An edit of a merged revision is judged by what it does: the old and the new code are run and compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Ran, Run
from tests.integration.program.test_base import branch
from tests.projects import edits
from tests.projects.edits import EDITED, RevisionEdit

CHANGED = (
    "Databases that already ran this revision never run it again. They keep the result of the old code; new databases "
    "get the result of the new code."
)


def checked(run: Run, root: Path, change: RevisionEdit) -> Ran:
    branch(root, edits.base_of(change), edits.work_of(change), change.removed)
    return run(root, "--base", "main")


def history(ran: Ran) -> list[str]:
    """Return what the report says of history and upgrade, without places."""
    lines = [line.partition(f" {EDITED}")[0].strip() for line in ran.outline]
    return lines[lines.index("heads passed") + 1 : next(n for n, line in enumerate(lines) if line.startswith("drift"))]


REWRITTEN = ["history passed", "notice rewritten-revision b2", "upgrade passed"]


@pytest.mark.parametrize("name", edits.SAME_STATEMENTS)
def test_the_same_statements_are_a_notice(name: str, run: Run, tmp_path: Path) -> None:
    ran = checked(run, tmp_path, edits.SAME_STATEMENTS[name])
    assert history(ran) == REWRITTEN, ran.stdout
    finding = ran.finding("rewritten-revision")
    assert finding["message"] == "b2 (Revision b2.) is written differently from main, and its upgrade() does the same."
    assert finding["why"].startswith("The old and the new upgrade() send the same ")
    assert [snippet["title"] for snippet in finding["evidence"]] == ["What changed"]


@pytest.mark.parametrize("name", edits.SAME_RESULT)
def test_other_statements_of_the_same_result_are_a_notice(name: str, run: Run, tmp_path: Path) -> None:
    ran = checked(run, tmp_path, edits.SAME_RESULT[name])
    assert history(ran) == REWRITTEN, ran.stdout
    finding = ran.finding("rewritten-revision")
    assert finding["why"] == (
        "The old and the new upgrade() send different statements, and the same schema and rows come out of both."
    )
    assert [snippet["title"] for snippet in finding["evidence"]] == ["What changed", "What upgrade() sends"]


@pytest.mark.parametrize("name", edits.DIFFERENT)
def test_another_schema_is_an_error(name: str, run: Run, tmp_path: Path) -> None:
    change, line = edits.DIFFERENT[name]
    ran = checked(run, tmp_path, change)
    assert history(ran)[:2] == ["history failed", "error edited-revision b2"], ran.stdout
    finding = ran.finding("edited-revision")
    assert finding["message"] == "b2 (Revision b2.) is already on main, and its upgrade() has changed."
    assert finding["why"] == (
        f"{CHANGED} The old and the new upgrade() were run on copies of the same database, and 1 object came out "
        "differently."
    )
    texts = {snippet["title"]: snippet["text"] for snippet in finding["evidence"]}
    assert list(texts) == ["What changed", "What differs after upgrade()", "What upgrade() sends"]
    assert texts["What differs after upgrade()"] == line


@pytest.mark.parametrize("name", edits.OTHER_ROWS)
def test_other_rows_are_an_error(name: str, run: Run, tmp_path: Path) -> None:
    ran = checked(run, tmp_path, edits.OTHER_ROWS[name])
    assert history(ran) == ["history failed", "error edited-revision b2", "upgrade passed"], ran.stdout
    assert ran.finding("edited-revision")["why"] == (
        f"{CHANGED} The old and the new upgrade() were run on copies of the same database, and the rows of public.book "
        "came out differently."
    )


@pytest.mark.parametrize("name", edits.UNDECIDED)
def test_what_a_new_database_does_not_tell_stays_an_error(name: str, run: Run, tmp_path: Path) -> None:
    change, reason = edits.UNDECIDED[name]
    ran = checked(run, tmp_path, change)
    assert history(ran) == ["history failed", "error edited-revision b2", "upgrade passed"], ran.stdout
    assert ran.finding("edited-revision")["why"] == (
        f"{CHANGED} The old and the new upgrade() come out the same on a new database, which proves nothing for one "
        f"with rows: {reason}."
    )
