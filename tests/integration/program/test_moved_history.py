"""Check ``history`` where the folders, the configuration or the ids of deployed revisions are no longer the same."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integration.program.conftest import Ran, Run
from tests.integration.program.test_base import branch
from tests.projects import builder
from tests.projects.builder import BOOK, INI, Revision, below, tree
from tests.projects.upgrades import PAGES, with_pages

MODELS = with_pages()
INDEXED = MODELS.replace("import Column,", "import Column, Index,") + '\nIndex("book_title", book.c.title)\n'
NEXT = Revision(id="c3", down="b2", upgrade='op.create_index("book_title", "book", ["title"])')
EMPTY = Revision(id="c3", down="b2")
NO_SERVER = ("--database-url", "postgresql://nobody:nothing@127.0.0.1:1/nowhere")
OLDER = ("heads", "history", "upgrade", "drift")
"""The checks without those that judge each new revision."""
PASSED = ["passed", "alembic.ini", "  heads passed", "  history passed", "  upgrade passed", "  drift passed"]


def start(root: Path, *more: Revision) -> str:
    """Commit a project to main and start a branch; return the commit."""
    branch(root, tree(BOOK, PAGES, *more, models=INDEXED if NEXT in more else MODELS), {})
    return builder.git(root, "rev-parse", "main")


def move(root: Path, old: str = "migrations", new: str = "dbm", ini: str = INI.replace("/migrations", "/dbm")) -> None:
    """Move the scripts, and let alembic.ini name the new folder."""
    (root / new).parent.mkdir(parents=True, exist_ok=True)
    builder.git(root, "mv", old, new)
    builder.write(root, {"alembic.ini": ini})


def edit(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)


def follow(root: Path, finding: dict[str, Any]) -> None:
    """Do what the fixes say."""
    for fix in finding["fixes"]:
        if fix["language"] == "shell":
            subprocess.run(fix["text"], shell=True, cwd=root, check=True, capture_output=True)
            continue
        file, name = root / fix["path"], fix["text"].partition(" ")[0]
        lines = file.read_text().splitlines()
        (number,) = (number for number, line in enumerate(lines) if line.startswith(f"{name} "))
        assert fix["title"].endswith(f"(line {number + 1})")
        lines[number] = fix["text"]
        file.write_text("\n".join(lines) + "\n")


def statuses(ran: Ran) -> list[str]:
    return [f"{check['id']} {check['status']}" for check in ran.report["trees"][0]["checks"] if check["id"] in OLDER]


def findings(ran: Ran) -> list[str]:
    return [line.strip() for line in ran.outline if line.startswith("    ")]


def test_a_moved_folder_is_no_change(run: Run, tmp_path: Path) -> None:
    start(tmp_path)
    move(tmp_path)
    ran = run(tmp_path, "--base", "main")
    assert (ran.code, ran.outline) == (0, PASSED), ran.stderr
    assert ran.report["trees"][0]["new_revisions"] == []


def test_an_edit_on_the_way_is_found_at_its_new_place(run: Run, tmp_path: Path) -> None:
    fork = start(tmp_path)
    move(tmp_path)
    edit(tmp_path / "dbm/versions/b2_.py", ("sa.Integer()", "sa.BigInteger()"))
    ran = run(tmp_path, "--base", "main")
    assert (statuses(ran), findings(ran)) == (
        ["heads passed", "history failed", "upgrade failed", "drift passed"],
        [f"error {rule} b2 dbm/versions/b2_.py:{PAGES.line}" for rule in ("edited-revision", "two-ways-differ")],
    ), ran.stderr
    finding = ran.finding("edited-revision")
    assert finding["message"] == "b2 (Revision b2.) is already on main, and its upgrade() has changed."
    assert finding["fixes"][0]["text"] == f"git show {fork}:migrations/versions/b2_.py > dbm/versions/b2_.py"
    follow(tmp_path, finding)
    assert run(tmp_path, "--base", "main").outline == PASSED


def test_a_revision_removed_on_the_way_comes_back_in_the_new_folder(run: Run, tmp_path: Path) -> None:
    start(tmp_path)
    move(tmp_path)
    (tmp_path / "dbm/versions/b2_.py").unlink()
    ran = run(tmp_path, "--base", "main", *NO_SERVER)
    assert findings(ran) == ["error removed-revision b2 migrations/versions/b2_.py:None"]
    follow(tmp_path, ran.finding("removed-revision"))
    assert run(tmp_path, "--base", "main").outline == PASSED
    assert (tmp_path / "dbm/versions/b2_.py").read_text() == PAGES.text


def test_what_main_added_in_the_old_folder_is_a_head_of_the_merge(run: Run, tmp_path: Path) -> None:
    start(tmp_path)
    move(tmp_path)
    builder.commit(tmp_path, {"dbm/versions/x9_.py": Revision(id="x9", down="b2").text})
    builder.git(tmp_path, "switch", "-q", "main")
    builder.commit(tmp_path, {"migrations/versions/c3_.py": EMPTY.text})
    builder.git(tmp_path, "switch", "-q", "work")
    assert findings(run(tmp_path, "--base", "main", *NO_SERVER)) == [
        "error multiple-heads x9 x9 dbm/versions/x9_.py:6",
        "warning stale-parent x9 dbm/versions/x9_.py:6",
    ]


def test_the_base_runs_in_its_own_folders(run: Run, tmp_path: Path) -> None:
    """The base's env.py and models lie where the work has none, and its settings in an ignored file."""
    old = tree(BOOK, PAGES, models=MODELS)
    old["migrations/env.py"] = (
        'import pathlib\nassert pathlib.Path(".env").read_text() == "x"\n' + old["migrations/env.py"]
    )
    branch(tmp_path, {**below("backend", old), ".gitignore": ".env\n__pycache__/"}, {})
    (tmp_path / "services").mkdir()
    builder.git(tmp_path, "mv", "backend", "services/backend")
    builder.write(tmp_path, {".gitignore": ".env\n__pycache__/"})
    (tmp_path / "services/backend/.env").write_text("x")
    file = "services/backend/migrations/versions/b2_.py"
    edit(tmp_path / file, ("sa.Integer()", "sa.Integer(), nullable=True"))
    ran = run(tmp_path, "--base", "main")
    assert (statuses(ran), findings(ran)) == (
        ["heads passed", "history passed", "upgrade passed", "drift passed"],
        [f"notice rewritten-revision b2 {file}:{PAGES.line}"],
    ), ran.stderr


def test_drift_that_the_base_had_in_its_old_folder_is_old(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, tree(BOOK, models=MODELS), {})
    move(tmp_path)
    ran = run(tmp_path, "--base", "main")
    assert (ran.code, findings(ran)) == (0, ["notice old-drift"]), ran.stderr


RENAMED = "migrations/versions/z9_.py"


def rename(root: Path) -> None:
    """Give b2 another id; its file and c3 follow."""
    builder.git(root, "mv", "migrations/versions/b2_.py", RENAMED)
    edit(root / RENAMED, ("'b2'", "'z9'"), ("Revision b2.", "Revision z9."))
    edit(root / "migrations/versions/c3_.py", ("'b2'", "'z9'"))


def test_a_replaced_id_is_one_finding_and_taken_back_by_its_fixes(run: Run, tmp_path: Path) -> None:
    start(tmp_path, NEXT)
    rename(tmp_path)
    ran = run(tmp_path, "--base", "main")
    assert findings(ran) == [f"error removed-revision b2 {RENAMED}:5"], ran.stderr
    finding = ran.finding("removed-revision")
    assert finding["message"] == "b2 (Revision b2.) is already on main, but its file now has the id z9."
    assert finding["why"] == (
        "Some databases may be at this revision. Alembic can no longer migrate such a database: every command stops "
        'with "Can\'t locate revision identified by" and the id.'
    )
    assert finding["remedy"] == ("Set the file's old revision id again. Set the `down_revision` of c3 to b2 again.")
    assert [(fix["title"], fix["text"], fix["path"]) for fix in finding["fixes"]] == [
        ("Set the old revision id again (line 5)", "revision = 'b2'", RENAMED),
        ("Set c3's down_revision to b2 again (line 6)", "down_revision = 'b2'", "migrations/versions/c3_.py"),
    ]
    follow(tmp_path, finding)
    assert run(tmp_path, "--base", "main").outline == PASSED


def test_a_head_with_a_replaced_id_cannot_be_located_and_both_say_the_same(run: Run, tmp_path: Path) -> None:
    start(tmp_path)
    move(tmp_path)
    builder.git(tmp_path, "mv", "dbm/versions/b2_.py", "dbm/versions/z9_.py")
    edit(tmp_path / "dbm/versions/z9_.py", ("'b2'", "'z9'"))
    ran = run(tmp_path, "--base", "main")
    assert findings(ran) == ["error removed-revision b2 dbm/versions/z9_.py:5", "error migration-fails"], ran.stderr
    assert ran.finding("removed-revision")["remedy"] == "Set the file's old revision id again."
    failed = ran.finding("migration-fails")
    assert failed["message"] == "The upgrade fails: CommandError: Can't locate revision identified by 'b2'."
    assert failed["remedy"] == "Set the revision id of z9 to b2 again: deployed databases are at b2."


def test_a_child_that_still_names_the_old_id_has_the_same_remedy(run: Run, tmp_path: Path) -> None:
    start(tmp_path, NEXT)
    rename(tmp_path)
    edit(tmp_path / "migrations/versions/c3_.py", ("'z9'", "'b2'"))
    ran = run(tmp_path, "--base", "main", *NO_SERVER)
    assert findings(ran)[-1] == f"error removed-revision b2 {RENAMED}:5"
    missing = ran.finding("missing-parent")
    assert missing["remedy"] == f"Set the revision id of {RENAMED} to b2 again: a database may already be at b2."
    assert [fix["text"] for fix in missing["fixes"]] == ["revision = 'b2'"]
    follow(tmp_path, ran.finding("removed-revision"))
    assert run(tmp_path, "--base", "main").outline == PASSED


@pytest.mark.parametrize(
    ("removed", "new"),
    [
        (EMPTY, Revision(id="x9", down="b2")),
        (NEXT, Revision(id="x9", down="b2", upgrade='op.create_index("book_title", "book", ["id"])')),
        (NEXT, Revision(id="x9", down="b2", upgrade='op.create_index("book_pages", "book", ["pages"])')),
    ],
    ids=["two empty ones", "another column", "another index"],
)
def test_two_that_look_alike_are_two(removed: Revision, new: Revision, run: Run, tmp_path: Path) -> None:
    start(tmp_path, removed)
    (tmp_path / "migrations/versions/c3_.py").unlink()
    builder.write(tmp_path, builder.versions(new))
    ran = run(tmp_path, "--base", "main", *NO_SERVER)
    assert findings(ran) == ["error removed-revision c3 migrations/versions/c3_.py:None"]


def test_a_squash_stays_a_removal_of_each(run: Run, tmp_path: Path) -> None:
    start(tmp_path)
    for name in ("a1", "b2"):
        (tmp_path / f"migrations/versions/{name}_.py").unlink()
    builder.write(tmp_path, builder.versions(Revision(id="s1", upgrade=f"{BOOK.upgrade}{PAGES.upgrade}")))
    ran = run(tmp_path, "--base", "main", *NO_SERVER)
    assert findings(ran) == [
        "error removed-revision a1 migrations/versions/a1_.py:None",
        "error removed-revision b2 migrations/versions/b2_.py:None",
    ]
