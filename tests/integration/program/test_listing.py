"""``list`` and ``merge`` at a terminal: what a script in another CI needs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.integration.program.conftest import command, environ
from tests.integration.program.test_base import branch
from tests.projects.builder import BOOK, below, tree, versions
from tests.projects.upgrades import PAGES


def said(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), env=environ({}), cwd=project, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_configs_of_a_change_are_listed_checked_apart_and_merged(tmp_path: Path) -> None:
    project = tmp_path / "project"
    services = {**below("orders", tree(BOOK)), **below("users", tree(BOOK))}
    branch(project, services, below("users", versions(PAGES)))
    listed = said(project, "list", "--json", "--base", "main")
    assert (listed.returncode, json.loads(listed.stdout)) == (
        0,
        {
            "include": [
                {"tree": "orders/alembic.ini", "name": "orders/alembic.ini", "touched": False},
                {"tree": "users/alembic.ini", "name": "users/alembic.ini", "touched": True},
            ]
        },
    ), listed.stderr
    (project / "matrix.json").write_text(listed.stdout)
    checked = said(project, "--base", "main", "--tree", "orders/alembic.ini", "--json", "orders.json")
    assert (checked.returncode, "starting PostgreSQL" in checked.stderr) == (0, False), checked.stderr
    assert "none of the 5 files that this Alembic config uses has changed" in checked.stdout

    merged = said(project, "merge", "orders.json", "--expected", "matrix.json")
    assert merged.returncode == 1
    assert "Migrations inconclusive: 7 of 14 checks could not run" in merged.stdout
    whole = said(project, "merge", "orders.json", "--expected", "orders/alembic.ini")
    assert (whole.returncode, whole.stdout.splitlines()[0]) == (0, "PASSED  Migrations: no problems found"), (
        whole.stdout
    )
