"""The example: the report has all that is wrong with it, and copying the report's own fixes turns it green."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from action.documents import report as document
from action.reports import markdown
from action.reports.entries import entries
from checks.findings import Subject
from tests.integration.program.conftest import Ran, Run
from tests.looks.screen import SCREEN, height
from tests.projects.bookstore import check_out, pull_request
from tests.projects.builder import git

BOOKSTORE = Path(__file__).parents[3] / "examples" / "bookstore"
OURS = ("--python", sys.executable)
"""Our packages stand in for the example's: no test of it waits for a download."""
GIFT = "migrations/versions/2026_01_15_a85d2e46f3c9_add_gift_message_to_order.py"


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(BOOKSTORE, folder / "bookstore", ignore=shutil.ignore_patterns("__pycache__")))


def follow(project: Path, ran: Ran) -> None:
    """Do what the report says: replace the line of the second head, and write the missing file."""
    heads = ran.finding("multiple-heads")
    path, line = project / heads["path"], heads["line"]
    lines = path.read_text().splitlines()
    lines[line - 1] = heads["fixes"][0]["text"]
    path.write_text("\n".join(lines) + "\n")
    (missing,) = ran.check("drift")["fixes"]
    (project / missing["path"]).write_text(missing["text"])


def test_everything_that_is_wrong_is_reported(tmp_path: Path, run: Run) -> None:
    ran = run(copied(tmp_path), *OURS)
    assert (ran.code, ran.outline) == (
        1,
        [
            "failed",
            "alembic.ini",
            "  heads failed",
            f"    error multiple-heads a85d2e46f3c9 a85d2e46f3c9 {GIFT}:16",
            "  history skipped",
            "  upgrade passed",
            "  drift failed",
            "    error missing-migration public.book.isbn bookstore/models.py:58",
            "    error missing-migration public.order_status.refunded bookstore/models.py:29",
            "    error missing-migration public.book.ck_book_price_not_negative bookstore/models.py:51",
        ],
    )


def test_the_comment_on_its_pull_request_is_three_problems_on_one_screen(tmp_path: Path, run: Run) -> None:
    pull = pull_request(tmp_path)
    merged = check_out(pull, tmp_path / "merged", pull.origin.as_uri(), depth=0)
    git(merged, "fetch", "-q", "origin", "main:refs/remotes/origin/main")
    ran = run(merged, "--base", "main", *OURS)
    subject = Subject(key="CI / migrations", head_sha=pull.head_sha, url="https://github.com/a/b/actions/runs/1618")
    report = replace(document.load(json.dumps(ran.report)), subject=subject)
    source = markdown.render(report)
    assert source.split("\n\n")[:2] == [
        "## \N{CROSS MARK} Migrations: do not merge yet (3 errors)",
        "**To do:** Set a85d2e46f3c9's `down_revision` to 1f9c73a0be52 · Restore "
        "`2025_09_17_8d35e9b7c014_create_customer.py` · Commit the missing migration",
    ]
    assert [(entry.rules, [found.rule for _, found in entry.also]) for entry in entries(report)] == [
        (("multiple-heads",), ["stale-parent"]),
        (("edited-revision",), ["two-ways-differ"]),
        (("missing-migration",), []),
    ]
    assert f"](https://github.com/a/b/blob/{pull.head_sha}/{GIFT}#L16) · " in source
    # The SQL of the new revision is no problem: its fold may stand below the screen.
    problems = replace(report, trees=tuple(replace(tree, new_sql=None) for tree in report.trees))
    assert source.count("<summary>SQL of 1 new revision (") == 1
    assert height(markdown.render(problems)) <= SCREEN


def test_the_report_s_own_fixes_turn_it_green(tmp_path: Path, run: Run) -> None:
    project = copied(tmp_path)
    first = run(project, *OURS)
    (fix,) = first.check("drift")["fixes"]
    assert fix["title"] == (
        "Missing migration (autogenerate + 3 added lines; verified: applies, undoes, applies again; "
        "undoing leaves enum value public.order_status.refunded; no differences remain)"
    )
    follow(project, first)
    second = run(project, *OURS)
    assert (second.code, second.outline) == (
        0,
        ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"],
    )


def test_the_run_leaves_the_project_as_it_was(tmp_path: Path, run: Run) -> None:
    project = copied(tmp_path)
    before = contents(project)
    run(project, *OURS)
    assert contents(project) == before


def contents(folder: Path) -> dict[str, Any]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
