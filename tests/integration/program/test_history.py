"""Check ``history`` through the whole program, on real Git repositories: what a branch makes of deployed revisions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.program.conftest import Ran, Run
from tests.integration.program.test_base import branch
from tests.projects import builder, graphs
from tests.projects.builder import BOOK, Revision, tree, versions
from tests.projects.upgrades import PAGES, with_pages

B2 = "migrations/versions/b2_.py"
NEXT = Revision(id="c3", down="b2")
MODELS = with_pages()
NO_SERVER = ("--database-url", "postgresql://nobody:nothing@127.0.0.1:1/nowhere")
"""History is judged without PostgreSQL; where the migration runs are of no interest, they are left out."""


def base() -> dict[str, str]:
    return tree(BOOK, PAGES, models=MODELS)


def history(ran: Ran) -> list[str]:
    """Return what the report says of the check."""
    lines = ran.outline[2:]
    start = next(number for number, line in enumerate(lines) if line.startswith("  history"))
    end = next(number for number, line in enumerate(lines) if line.startswith("  upgrade"))
    return [line.strip() for line in lines[start:end]]


def edited(old: str, new: str) -> dict[str, str]:
    """Return the file of b2 with one text replaced."""
    assert old in PAGES.text
    return {B2: PAGES.text.replace(old, new)}


def test_an_edited_revision_is_shown_with_its_diff_and_restored_by_the_fix(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, base(), edited("sa.Integer()", "sa.BigInteger()"))
    ran = run(tmp_path, "--base", "main")
    assert history(ran) == ["history failed", f"error edited-revision b2 {B2}:{PAGES.line}"], ran.stderr
    finding = ran.finding("edited-revision")
    fork = builder.git(tmp_path, "rev-parse", "main")
    assert finding["message"] == "b2 (Revision b2.) is already on main, and its upgrade() has changed."
    assert finding["evidence"][0]["text"].splitlines()[-6:] == [
        " def upgrade():",
        '-    op.add_column("book", sa.Column("pages", sa.Integer()))',
        '+    op.add_column("book", sa.Column("pages", sa.BigInteger()))',
        " ",
        " ",
        " def downgrade():",
    ]
    (fix,) = finding["fixes"]
    assert fix["text"] == f"git checkout {fork} -- {B2}"
    subprocess.run(fix["text"], shell=True, cwd=tmp_path, check=True, capture_output=True)
    ran = run(tmp_path, "--base", "main")
    assert (ran.code, history(ran)) == (0, ["history passed"]), ran.stderr


def test_an_edit_that_does_the_same_is_a_notice(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, base(), edited("sa.Integer()", 'sa.Integer(), info={"unit": "sheet"}'))
    ran = run(tmp_path, "--base", "main")
    assert (ran.code, ran.report["verdict"]) == (0, "passed"), ran.stderr
    assert history(ran) == ["history passed", f"notice rewritten-revision b2 {B2}:{PAGES.line}"]
    finding = ran.finding("rewritten-revision")
    assert finding["message"] == "b2 (Revision b2.) is written differently from main, and its upgrade() does the same."
    assert finding["why"] == "The old and the new upgrade() send the same statement."


def test_an_edited_downgrade_is_a_warning(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, base(), edited('op.drop_column("book", "pages")', "pass"))
    ran = run(tmp_path, "--base", "main")
    assert (ran.code, history(ran)) == (0, ["history passed", f"warning edited-revision b2 {B2}:{PAGES.line + 3}"]), (
        ran.stderr
    )


ANNOTATED = PAGES.text.replace("def upgrade():", "def upgrade() -> None:").replace("revision =", "revision: str =")
HARMLESS = {
    "a comment": PAGES.text.replace("def upgrade", "# More of them\ndef upgrade"),
    "a docstring": PAGES.text.replace("Revision b2.", "Count the pages."),
    "annotations": ANNOTATED,
    "line ends": PAGES.text.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_how_a_file_is_written_is_nobody_s_business(name: str, run: Run, tmp_path: Path) -> None:
    branch(tmp_path, base(), {})
    (tmp_path / B2).write_bytes(HARMLESS[name].encode())
    ran = run(tmp_path, "--base", "main")
    assert (ran.code, history(ran)) == (0, ["history passed"]), ran.stderr


def test_reformatting_and_renaming_are_no_edits(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, base(), {})
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--config", "line-length=30", "migrations/versions"]
    subprocess.run(ruff, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / B2).read_text() != PAGES.text
    (tmp_path / B2).rename(tmp_path / "migrations/versions/2026_b2_.py")
    ran = run(tmp_path, "--base", "main")
    assert (ran.code, history(ran)) == (0, ["history passed"]), ran.stderr


def test_what_the_base_did_as_well_is_not_the_branch_s(run: Run, tmp_path: Path) -> None:
    work = edited("sa.Integer()", "sa.BigInteger()")
    branch(tmp_path, tree(BOOK, PAGES, NEXT, models=MODELS), work, removed=("migrations/versions/c3_.py",))
    assert history(run(tmp_path, "--base", "main", *NO_SERVER)) == [
        "history failed",
        f"error edited-revision b2 {B2}:{PAGES.line}",
        "error removed-revision c3 migrations/versions/c3_.py:None",
    ]
    builder.git(tmp_path, "switch", "-q", "main")
    (tmp_path / "migrations/versions/c3_.py").unlink()
    builder.commit(tmp_path, {B2: work[B2] + "# the same\n"})
    builder.git(tmp_path, "switch", "-q", "work")
    assert history(run(tmp_path, "--base", "main", *NO_SERVER)) == ["history passed"]


def test_a_removed_revision_is_restored_by_the_fix(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, base(), {}, removed=(B2,))
    ran = run(tmp_path, "--base", "main", *NO_SERVER)
    assert history(ran) == ["history failed", f"error removed-revision b2 {B2}:None"]
    subprocess.run(ran.finding("removed-revision")["fixes"][0]["text"], shell=True, cwd=tmp_path, check=True)
    assert (tmp_path / B2).read_text() == PAGES.text


def test_another_id_in_the_same_file_is_a_removal_alone(run: Run, tmp_path: Path) -> None:
    work = {B2: PAGES.text.replace("'b2'", "'x9'"), "migrations/versions/c3_.py": Revision(id="c3", down="x9").text}
    branch(tmp_path, tree(BOOK, PAGES, NEXT, models=MODELS), work)
    ran = run(tmp_path, "--base", "main", *NO_SERVER)
    assert history(ran) == ["history failed", f"error removed-revision b2 {B2}:5"]
    assert ran.finding("removed-revision")["fixes"][0]["text"] == "revision = 'b2'"


def test_a_revision_slipped_in_follows_the_head_after_the_fixes(run: Run, tmp_path: Path) -> None:
    slipped = Revision(id="x9", down="a1", upgrade='op.execute("CREATE TABLE shelf (id integer)")')
    work = {**versions(slipped), **edited("down_revision = 'a1'", "down_revision = 'x9'")}
    branch(tmp_path, base(), work)
    ran = run(tmp_path, "--base", "main", *NO_SERVER)
    assert history(ran) == ["history failed", f"error reparented-revision b2 {B2}:6"]
    for fix in ran.finding("reparented-revision")["fixes"]:
        lines = (tmp_path / fix["path"]).read_text().splitlines()
        (number,) = (number for number, line in enumerate(lines) if line.startswith("down_revision"))
        lines[number] = fix["text"]
        (tmp_path / fix["path"]).write_text("\n".join(lines) + "\n")
    ran = run(tmp_path, "--base", "main", *NO_SERVER)
    assert ran.outline[2:4] == ["  heads passed", "  history passed"]


def test_a_dependency_that_was_added_is_reported_at_its_line(run: Run, tmp_path: Path) -> None:
    labelled = Revision(id="d4", labels=("desk",), depends_on=("a1",))
    work = {**versions(labelled), **edited("depends_on = None", "depends_on = 'd4'")}
    branch(tmp_path, base(), work)
    ran = run(tmp_path, "--base", "main", *NO_SERVER)
    assert history(ran) == ["history failed", f"error reparented-revision b2 {B2}:8"]


def test_a_stale_parent_is_corrected_by_the_fix(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, tree(BOOK), versions(graphs.C3))
    builder.git(tmp_path, "switch", "-q", "main")
    builder.commit(tmp_path, versions(PAGES))
    builder.git(tmp_path, "switch", "-q", "work")
    place = "migrations/versions/c3_.py"
    stale = ["history passed", f"warning stale-parent c3 {place}:6"]
    assert history(run(tmp_path, "--base", "main", *NO_SERVER)) == stale
    builder.git(tmp_path, "merge", "-q", "-m", "Bring main in", "main")
    ran = run(tmp_path, "--base", "main", *NO_SERVER)
    assert history(ran) == stale
    finding = ran.finding("stale-parent")
    assert finding["message"] == "c3 (Revision c3.) is based on a1, which is no longer the head of main."
    assert finding["why"] == "main now has b2 (Revision b2.) after a1, so there is a second head."
    builder.write(
        tmp_path, {place: (tmp_path / place).read_text().replace("down_revision = 'a1'", finding["fixes"][0]["text"])}
    )
    assert run(tmp_path, "--base", "main", *NO_SERVER).outline[2:4] == ["  heads passed", "  history passed"]


@pytest.mark.parametrize(
    "new",
    [
        (Revision(id="c3", down="a1", labels=("desk",)),),
        (graphs.C3, Revision(id="m9", down=("b2", "c3"))),
        (NEXT,),
    ],
    ids=["a branch of its own", "merged", "on the head"],
)
def test_a_parent_is_not_stale_where_it_makes_no_second_head(
    new: tuple[Revision, ...], run: Run, tmp_path: Path
) -> None:
    branch(tmp_path, base(), versions(*new))
    assert run(tmp_path, "--base", "main", *NO_SERVER).outline[2:4] == ["  heads passed", "  history passed"]


def test_a_file_that_became_unreadable_is_not_called_removed(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, base(), {B2: "def upgrade(:\n"})
    ran = run(tmp_path, "--base", "main", *NO_SERVER)
    assert history(ran) == ["history skipped"]
    assert ran.reason("history") == (
        f"1 version file could not be compared with main: {B2} (SyntaxError: invalid syntax)."
    )
    assert ran.check("history")["required"] is True


def test_a_comment_with_a_reason_silences(run: Run, tmp_path: Path) -> None:
    comment = "# alembic-checks: ignore[edited-revision, removed-revision] squashed, see the notes\n"
    squashed = Revision(id="b2", upgrade=f"{builder.CREATE_BOOK}{PAGES.upgrade}").text
    branch(tmp_path, base(), {B2: comment + squashed}, removed=("migrations/versions/a1_.py",))
    ran = run(tmp_path, "--base", "main")
    assert (ran.code, history(ran)) == (
        0,
        [
            "history passed",
            f"error edited-revision b2 {B2}:{PAGES.line + 1}",
            "error removed-revision a1 migrations/versions/a1_.py:None",
        ],
    ), ran.stderr
    reasons = {finding["rule"]: finding["suppressed"] for finding in ran.check("history")["findings"]}
    assert reasons == dict.fromkeys(("edited-revision", "removed-revision"), "squashed, see the notes")


def test_without_a_base_nothing_is_compared_and_the_verdict_is_left_alone(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, base()))
    assert (ran.code, ran.outline[0], history(ran)) == (0, "passed", ["history skipped"])
    assert ran.check("history")["required"] is False
    assert "history    skipped" in ran.stdout
