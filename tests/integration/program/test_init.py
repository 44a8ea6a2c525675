"""The setting ``init``: a command that creates the base database, also where env.py needs its tables to load."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.integration.program.test_base import branch
from tests.integration.program.test_made_base import HEAD, NOTICE
from tests.projects import builder, made_bases
from tests.projects.builder import MODELS, Revision, versions
from tests.projects.made_bases import INIT, NAMES_INDEX, READS_AT_IMPORT, SETTING, old
from tests.projects.upgrades import PAGES, with_pages

PYTHON = sys.executable
BY_INIT = "The base database was created with the `init` command, because its migrations fail on an empty database."
PASSED = ["passed", *HEAD, "  upgrade passed", NOTICE, "  drift passed"]
WORK = {**versions(PAGES), "models.py": with_pages()}


@pytest.mark.parametrize(
    ("command", "what", "why"),
    [
        ("no-such-command --x", "cannot be started (No such file or directory): no-such-command --x", "nothing."),
        ("false", "exited with code 1: false", "nothing."),
        ("sh -c 'echo no table; echo at all >&2; exit 3'", "exited with code 3: sh", "\n  no table\n  at all\n"),
        ("sh -c 'echo ended; kill -9 $$'", "was ended by signal 9", "\n  ended\n"),
        ("echo 'unfinished", "cannot be started (No closing quotation): echo 'unfinished", "nothing."),
        ("sh -c 'echo only a word'", "left no table in the database.", "\n  only a word\n"),
        ("sh -c 'echo waits; exec sleep 60'", "did not finish within 8 seconds.", "\n  waits\n"),
    ],
)
def test_a_command_that_creates_no_base_is_an_obstacle(
    command: str, what: str, why: str, run: Run, tmp_path: Path
) -> None:
    limit = ("--timeout", "8") if "sleep" in command else ()
    ran = run(branch(tmp_path, old(), WORK), "--base", "main", "--init", command, *limit)
    assert ran.outline == ["inconclusive", *HEAD, "  upgrade skipped", NOTICE, "  drift skipped"], ran.stderr
    reason = ran.check("upgrade")["reason"]
    assert ran.reason("upgrade").startswith("The base database could not be created: the init command")
    assert what in ran.reason("upgrade")
    assert why in reason
    assert ran.report["trees"][0]["base_created"] is None


def test_the_command_runs_in_the_folder_of_the_config_with_the_project_s_variables(run: Run, tmp_path: Path) -> None:
    base = builder.below("backend", {**old(), "init.py": INIT})
    branch(tmp_path, base, builder.below("backend", WORK))
    options = ("--init", f"{PYTHON} init.py", "--env", "SHOP={database}", "-v")
    ran = run(tmp_path, "--base", "main", *options)
    assert ran.outline[0] == "passed", ran.stdout
    assert ran.report["trees"][0]["base_created"] == BY_INIT
    assert "/backend with ac_" in ran.stderr


def test_the_command_may_stamp_an_older_revision_of_the_base(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, {**old(NAMES_INDEX, models=MODELS + made_bases.INDEX), "init.py": INIT}, {})
    builder.commit(tmp_path, versions(Revision(id="b2", down="a2", upgrade='op.drop_index("ix_book_title", "book")')))
    ran = run(tmp_path, "--base", "main", "--init", f"{PYTHON} init.py a1")
    missing = "    error missing-migration public.book.ix_book_title models.py:4"
    assert ran.outline == ["failed", *HEAD, "  upgrade passed", NOTICE, "  drift failed", missing], ran.stdout


def test_the_command_may_not_stamp_what_the_base_does_not_have(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, {**old(), "init.py": INIT}, WORK)
    ran = run(tmp_path, "--base", "main", "--init", f"{PYTHON} init.py zz")
    assert ran.outline == ["inconclusive", *HEAD, "  upgrade skipped", NOTICE, "  drift skipped"], ran.stderr
    assert str(ran.check("upgrade")["reason"]).splitlines() == [
        "The base database could not be created: The `init` command is at revision zz, which the base does not have.",
        "No version file of the base has this id.",
        "Let `init` stamp a revision of the base, or none: the base's heads are stamped then.",
    ]


def test_a_base_revision_that_fails_on_what_the_command_made_is_old(run: Run, tmp_path: Path) -> None:
    broken = Revision(id="a2", down="a1", upgrade='op.execute("SELECT nothing()")')
    branch(tmp_path, {**old(broken), "init.py": INIT}, versions(Revision(id="b2", down="a2")))
    ran = run(tmp_path, "--base", "main", "--init", f"{PYTHON} init.py a1")
    assert ran.outline[0] == "inconclusive"
    assert f"    notice old-migration-fails a2 migrations/versions/a2_.py:{broken.line}" in ran.outline
    assert ran.reason("upgrade") == (
        "The base's own revisions fail on the database created with the `init` command: see the notice."
    )


@pytest.mark.parametrize(("where", "line"), [("models.py", 9), ("migrations/env.py", 4)])
def test_a_project_that_reads_its_tables_when_it_loads_is_loaded_after_init(
    where: str, line: int, run: Run, tmp_path: Path
) -> None:
    base = builder.tree(builder.BOOK)
    base[where] = READS_AT_IMPORT + base[where]
    branch(tmp_path, {**base, "init.py": INIT + SETTING}, versions(PAGES))
    assert run(tmp_path, "--base", "main").code == 5
    ran = run(tmp_path, "--base", "main", "--init", f"{PYTHON} init.py")
    notice = f"    notice old-migration-fails {where}:4"
    drift = [
        "  drift failed",
        f"    error missing-migration public.book.pages models.py:{line}",
        "    notice old-drift",
    ]
    assert ran.outline == ["failed", *HEAD, "  upgrade passed", notice, *drift], ran.stdout
    assert ran.finding("old-migration-fails")["message"] == (
        'The upgrade fails: ProgrammingError: (psycopg2.errors.UndefinedTable) relation "setting" does not exist. The '
        "base already has this problem; this change did not cause it."
    )
    assert ran.report["trees"][0]["base_created"] == BY_INIT


def test_a_project_that_does_not_load_after_init_either_says_why(run: Run, tmp_path: Path) -> None:
    base = builder.tree(builder.BOOK, models=READS_AT_IMPORT + MODELS)
    branch(tmp_path, base, versions(PAGES))
    ran = run(tmp_path, "--base", "main", "--init", "sh -c 'echo sorry; exit 4'")
    assert ran.outline[0] == "inconclusive", ran.stdout
    reason = ran.check("upgrade")["reason"]
    assert "the init command exited with code 4" in reason
    assert "\n  sorry\n" in reason
    assert "It ran because env.py does not load on an empty database: " in reason
    assert 'relation "setting" does not exist' in reason


def test_without_a_base_init_runs_the_project_s_own_code(run: Run, tmp_path: Path) -> None:
    files = {**builder.tree(builder.BOOK, models=READS_AT_IMPORT + MODELS), "init.py": INIT + SETTING}
    ran = run(builder.write(tmp_path, files), "--init", f"{PYTHON} init.py")
    assert ran.outline == [
        *("passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed")
    ], ran.stdout
