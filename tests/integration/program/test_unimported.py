"""Models that env.py does not import: each file is reported once, more loudly where the pull request touches it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Run, python_for
from tests.projects.builder import BOOK, INI, EnvPy, below, commit, git, tree, write
from tests.projects.environments import MATRIX
from tests.projects.unimported import FACTORY, LOANS, MONOREPO, OLD_BASE, OWN_BASE, TABLE, application

LOAN = {"app/models/loan.py": LOANS}
PASSED = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
NOTICE = "    notice unseen-models app/models/loan.py app/models/loan.py:5"
WARNING = NOTICE.replace("notice", "warning")


def test_a_module_that_env_py_does_not_import_is_reported(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, application(LOAN)))
    assert ran.outline == [*PASSED, NOTICE], ran.stderr
    finding = ran.finding("unseen-models")
    assert finding["message"] == "env.py does not import app/models/loan.py, which defines table loan."
    assert finding["why"] == (
        "Autogenerate and this check do not see this table, so a change without a migration passes."
    )
    assert finding["remedy"] == "Import app.models.loan in env.py, or in a package that env.py imports."
    assert ran.code == 0


@pytest.mark.parametrize(
    "files",
    [
        application(LOAN, imports="from app.models import Base, loan"),
        application({"app/models/loan.py": OWN_BASE}),
        application({"tests/models.py": LOANS, "app/tests/loan.py": LOANS, "examples/loan.py": LOANS}),
        application({"app/models/loan.py": LOANS + "    __abstract__ = True"}),
        application({"app/models/novel.py": LOANS.replace('"loan"', '"book"')}),
    ],
    ids=["imported", "a Base of its own", "tests and examples", "abstract", "a known table"],
)
def test_a_neighbour_is_left_alone(files: dict[str, str], run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, files))
    assert ran.outline[1:5] == PASSED[1:5], ran.stderr
    assert not [line for line in ran.outline if "unseen-models" in line]


def test_a_module_that_the_application_imports_late_is_seen(run: Run, tmp_path: Path) -> None:
    files = application(
        LOAN, {"app/factory.py": FACTORY}, imports="from app.db import Base\nfrom app.factory import create_app"
    )
    env = files["migrations/env.py"]
    unseen = run(write(tmp_path, files))
    assert NOTICE in unseen.outline, unseen.stderr
    seen = run(write(tmp_path, {"migrations/env.py": env.replace("\nconfig = ", "\ncreate_app()\nconfig = ", 1)}))
    assert seen.outline[-2:] == ["  drift failed", "    error missing-migration public.loan app/models/loan.py:5"]


def test_a_table_on_the_same_metadata(run: Run, tmp_path: Path) -> None:
    files = tree(BOOK) | {"more.py": TABLE.replace("app.db import Base", "models import metadata").replace("Base.", "")}
    ran = run(write(tmp_path, files))
    assert ran.outline == [*PASSED, "    notice unseen-models more.py more.py:4"], ran.stderr


@pytest.mark.parametrize("version", ["sqlalchemy-1.3", "sqlalchemy-1.4", "sqlalchemy-2.0"])
def test_the_versions_of_sqlalchemy(version: str, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, application(LOAN, {"app/db.py": OLD_BASE})), "--python", python_for(MATRIX[version]))
    assert ran.outline == [*PASSED, NOTICE], ran.stderr


def test_each_service_has_a_base_of_its_own(run: Run, tmp_path: Path) -> None:
    commit(tmp_path, MONOREPO)
    ran = run(tmp_path)
    checks = ["  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
    place = "library/app/models/loan.py"
    assert ran.outline == [
        *("passed", "library/alembic.ini", *checks, f"    notice unseen-models {place} {place}:5"),
        *("shop/alembic.ini", *checks),
    ], ran.stderr
    assert ran.finding("unseen-models")["remedy"].startswith("Import app.models.loan in env.py")


def test_a_file_that_the_env_py_of_another_tree_imports_is_seen(run: Run, tmp_path: Path) -> None:
    env = EnvPy(imports="from app.models import Base, loan", metadata="Base.metadata").text
    second = below("loans", tree(BOOK, env=env, ini=INI.replace("sys_path = .", "sys_path = ..")))
    del second["loans/models.py"]
    ran = run(write(tmp_path, application(LOAN), second))
    checks = ["  heads passed", "  history skipped", "  upgrade passed"]
    assert ran.outline == [
        *("failed", "alembic.ini", *checks, "  drift passed"),
        *("loans/alembic.ini", *checks, "  drift failed"),
        "    error missing-migration public.loan app/models/loan.py:5",
    ], ran.stderr


def test_a_new_file_is_a_warning(run: Run, tmp_path: Path) -> None:
    commit(tmp_path, application())
    git(tmp_path, "checkout", "-q", "-b", "work")
    commit(tmp_path, LOAN)
    ran = run(tmp_path, "--base", "main")
    assert ran.outline[-1] == WARNING, ran.stderr
    assert ran.code == 0
    assert run(tmp_path, "--base", "main", "--fail-on", "warning").code == 1


def test_a_changed_file_is_a_warning_and_an_old_one_a_notice(run: Run, tmp_path: Path) -> None:
    commit(tmp_path, application(LOAN))
    git(tmp_path, "checkout", "-q", "-b", "work")
    commit(tmp_path, {"readme.txt": "Loans."})
    ran = run(tmp_path, "--base", "main")
    assert ran.outline[-1] == NOTICE, ran.stderr
    write(tmp_path, {"app/models/loan.py": LOANS + "    due = Column(Integer)"})
    ran = run(tmp_path, "--base", "main")
    assert ran.outline[-1] == WARNING, ran.stderr


def test_an_ignored_file_is_not_the_repository_s(run: Run, tmp_path: Path) -> None:
    commit(tmp_path, application())
    write(tmp_path, LOAN, {".gitignore": "loan.py"})
    assert run(tmp_path, "--base", "main").outline[-1] == "  drift passed"


def test_the_files_are_reported_where_no_migrated_database_is(run: Run, tmp_path: Path) -> None:
    files = application(LOAN) | {"migrations/versions/b2_.py": BOOK.text.replace("a1", "b2").replace("None", "'a1'", 1)}
    ran = run(write(tmp_path, files))
    assert ran.outline[-2:] == ["  drift skipped", NOTICE], ran.stderr


def test_a_metadata_without_tables_is_explained_by_them(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, application(imports="from app.db import Base")))
    assert ran.reason("drift") == (
        "target_metadata in env.py has no tables, because env.py does not import the models. Import the modules that "
        "define the models in env.py: app.models.book."
    )
    assert ran.outline[-2:] == [
        "  drift skipped",
        "    notice unseen-models app/models/book.py app/models/book.py:5",
    ], ran.stderr


def test_without_models_nothing_is_the_same(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, application(LOAN, metadata="None")))
    assert ran.outline[-1] == "  drift skipped", ran.stderr
