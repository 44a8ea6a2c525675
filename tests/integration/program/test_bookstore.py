"""The example: the report has all that is wrong with it, and copying the report's own fixes turns it green."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from tests.integration.program.conftest import Ran, Run

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


def test_the_report_s_own_fixes_turn_it_green(tmp_path: Path, run: Run) -> None:
    project = copied(tmp_path)
    first = run(project, *OURS)
    (fix,) = first.check("drift")["fixes"]
    assert fix["title"] == "Missing migration (autogenerate + 2 added lines; verified: no differences remain)"
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
