"""Where projects keep their Alembic environments, and how they configure them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.projects import builder
from tests.projects.builder import BOOK, CREATE_BOOK, Revision

PASSED = ["  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
PYPROJECT = """
[tool.alembic]
script_location = "%(here)s/migrations"
prepend_sys_path = ["."]
"""
AUTHOR = Revision(
    id="b2", down="a1", upgrade='op.create_table("author", sa.Column("id", sa.Integer(), primary_key=True))'
)
TWO_TABLES = builder.MODELS + 'author = Table("author", metadata, Column("id", Integer, primary_key=True))'
FROM_ENVIRONMENT = builder.EnvPy(url=builder.FROM_ENVIRONMENT).text


def ini(*lines: str, section: str = "alembic") -> str:
    return "\n".join(
        [f"[{section}]", "prepend_sys_path = .", "sqlalchemy.url = driver://user:pass@localhost/x", *lines]
    )


def pyproject() -> dict[str, str]:
    """Return a project without alembic.ini."""
    files = builder.tree(BOOK, env=FROM_ENVIRONMENT)
    return {"pyproject.toml": PYPROJECT, **{path: text for path, text in files.items() if path != "alembic.ini"}}


def several_locations() -> dict[str, str]:
    """Return a tree whose version files lie in two folders, one of them outside the script location."""
    spread = "version_locations = %(here)s/migrations/versions %(here)s/more"
    files = builder.tree(BOOK, ini=ini("script_location = %(here)s/migrations", spread), models=TWO_TABLES)
    return files | builder.versions(AUTHOR, folder="more")


def recursive() -> dict[str, str]:
    """Return a tree whose version files lie in folders by year."""
    files = builder.tree(
        ini=ini("script_location = migrations", "recursive_version_locations = true"), models=TWO_TABLES
    )
    files |= builder.versions(BOOK, folder="migrations/versions/2025")
    return files | builder.versions(AUTHOR, folder="migrations/versions/2026")


LAYOUTS = {
    "ini, relative to the ini": ("alembic.ini", builder.tree(BOOK)),
    "ini, relative to the working directory": (
        "alembic.ini",
        builder.tree(BOOK, ini=ini("script_location = migrations")),
    ),
    "pyproject": ("pyproject.toml", pyproject()),
    "subfolder": ("backend/alembic.ini", builder.below("backend", builder.tree(BOOK))),
    "pyproject in a subfolder": ("backend/pyproject.toml", builder.below("backend", pyproject())),
    "ini in a subfolder, run from the root": (
        "backend/alembic.ini",
        {
            **builder.below("backend", builder.tree(BOOK, ini=ini("script_location = backend/migrations"))),
            "models.py": builder.MODELS,
        },
    ),
    "several version locations": ("alembic.ini", several_locations()),
    "recursive version locations": ("alembic.ini", recursive()),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_tree_is_found_and_run_from_its_folder(name: str, run: Run, tmp_path: Path) -> None:
    path, files = LAYOUTS[name]
    ran = run(builder.write(tmp_path, files))
    assert ran.outline == ["passed", path, *PASSED], ran.stderr
    assert ran.code == 0


def sections() -> dict[str, str]:
    """Return two environments as sections of one alembic.ini; the second has drifted."""
    both = [ini("script_location = %(here)s/one", section="one"), ini("script_location = %(here)s/two", section="two")]
    trees = {
        name: {path.replace("migrations", name): text for path, text in builder.tree(BOOK).items()}
        for name in ("one", "two")
    }
    trees["two"]["two/env.py"] = builder.EnvPy(imports="from more_models import metadata").text
    return {**trees["one"], **trees["two"], "alembic.ini": "\n".join(both), "more_models.py": TWO_TABLES}


def test_each_section_of_an_ini_is_a_tree(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, sections()))
    drifted = [
        "  heads passed",
        "  history skipped",
        "  upgrade passed",
        "  drift failed",
        "    error missing-migration public.author more_models.py:5",
    ]
    assert ran.outline == ["failed", "alembic.ini:one", *PASSED, "alembic.ini:two", *drifted], ran.stderr
    assert ran.code == 1


def test_a_section_can_be_chosen(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, sections()), "--tree", "alembic.ini:one")
    assert ran.outline == ["passed", "alembic.ini:one", *PASSED], ran.stderr


def test_trees_of_their_own_are_rehearsed_apart_and_a_folder_of_one_alone(run: Run, tmp_path: Path) -> None:
    broken = Revision(id="a1", upgrade='op.execute("SELECT nothing()")')
    parts = [builder.below("shop", builder.tree(BOOK)), builder.below("billing", builder.tree(broken))]
    builder.commit(tmp_path, *parts)
    ran = run(tmp_path)
    failed = [
        "  heads passed",
        "  history skipped",
        "  upgrade failed",
        f"    error migration-fails a1 billing/migrations/versions/a1_.py:{broken.line}",
    ]
    assert ran.outline == ["failed", "billing/alembic.ini", *failed, "  drift skipped", "shop/alembic.ini", *PASSED]
    ran = run(tmp_path / "shop")
    assert ran.outline == ["passed", "shop/alembic.ini", *PASSED]


def test_a_project_s_own_packages_called_checks_and_action_win(run: Run, tmp_path: Path) -> None:
    models = "from action.tables import metadata\nfrom checks import CHECKED\nassert CHECKED"
    own = {"checks/__init__.py": "CHECKED = True", "action/__init__.py": "", "action/tables.py": builder.MODELS}
    ran = run(builder.write(tmp_path, builder.tree(BOOK, models=models), own))
    assert ran.outline == ["passed", "alembic.ini", *PASSED], ran.stderr


def test_the_project_s_own_environment_is_used(run: Run, tmp_path: Path) -> None:
    builder.write(tmp_path, builder.tree(Revision(id="a1", upgrade=CREATE_BOOK)))
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = nowhere\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text("#!/bin/sh\nexit 3\n")
    python.chmod(0o755)
    ran = run(tmp_path)
    assert ran.outline == [
        "inconclusive",
        "alembic.ini",
        "  heads passed",
        "  history skipped",
        "  upgrade skipped",
        "  drift skipped",
    ]
    assert ran.reason("upgrade") == "The project's process exited with code 3 while it was being loaded."
