"""Which folder the project's code runs in, and what its interpreter starts with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from action.project.alembic_tree import Tree
from action.sandbox.project_user import ProjectUser
from action.session.events import ObstacleMet
from action.session.running import ProjectRun
from action.session.working_folder import other_folders, start_variables

RUN = ProjectRun(python="/python")
NO_FILE = "[Errno 2] No such file or directory: 'conf.yml'"
IN_THE_IMAGE = replace(RUN, user=ProjectUser(name="project", uid=47113, gid=47113))


def tree(folder: Path) -> Tree:
    return Tree(
        path="backend/app/alembic.ini",
        config_file=folder / "alembic.ini",
        workdir=folder,
        script_location=folder / "migrations",
        version_locations=(folder / "migrations" / "versions",),
        env_py=folder / "migrations" / "env.py",
        prepend_sys_path=(".", "lib"),
    )


@pytest.mark.parametrize(
    ("files", "fields", "found"),
    [
        (["app/models.py"], {"kind": "missing-module", "module": "app.models"}, ["backend"]),
        (["../shelf.py"], {"kind": "missing-module", "module": "shelf"}, ["."]),
        (["../lib/lamps.py"], {"kind": "missing-module", "module": "lamps"}, ["."]),
        (["../src/lamps/a.py"], {"kind": "missing-module", "module": "lamps"}, ["src"]),
        ([], {"kind": "missing-module", "module": "lamps"}, []),
        (["../.env"], {"kind": "missing-settings", "settings": {"SHELF": None}}, ["."]),
        (["../.env"], {"kind": "missing-settings", "settings": {"SHELF": "not a number"}}, []),
        (["../.env"], {"kind": "missing-settings", "settings": {"LAMP": None}}, []),
        (
            ["../conf.yml"],
            {"kind": "load-failed", "error": "FileNotFoundError", "text": NO_FILE},
            ["."],
        ),
        (["../conf.yml"], {"kind": "load-failed", "error": "ValueError", "text": "conf.yml"}, []),
        (["../app.py"], {"kind": "other-database"}, []),
    ],
)  # fmt: skip
def test_only_a_folder_that_has_what_is_missing_is_worth_a_try(
    files: list[str], fields: dict[str, Any], found: list[str], tmp_path: Path
) -> None:
    (tmp_path / "backend" / "app").mkdir(parents=True)
    for file in files:
        path = tmp_path / "backend" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("export shelf=3\n")
    others = other_folders(ObstacleMet(**fields), tree(tmp_path / "backend" / "app"), tmp_path)
    assert others == [tmp_path / name for name in found]


@pytest.mark.parametrize(
    ("run", "job", "path"),
    [
        (RUN, "src:/opt/shelves", "{0}/backend/src:/opt/shelves"),
        (RUN, "lib", "{0}/lib"),
        (RUN, "", None),
        (IN_THE_IMAGE, "/opt/hostedtoolcache:{0}/src:lib", "{0}/src:{0}/lib"),
        (IN_THE_IMAGE, "/opt/hostedtoolcache", None),
        (replace(IN_THE_IMAGE, env={"PYTHONPATH": "/opt/shelves"}), "/src", "/opt/shelves"),
    ],
)
def test_pythonpath_is_what_leads_into_the_checkout(
    run: ProjectRun, job: str, path: str | None, tmp_path: Path
) -> None:
    for folder in ("backend/src", "lib"):
        (tmp_path / folder).mkdir(parents=True)
    written = {"PYTHONPATH": job.format(tmp_path)} if job else {}
    found = start_variables(run, tmp_path / "backend", tmp_path, None, written)
    assert found.get("PYTHONPATH") == (path.format(tmp_path) if path else None)


def test_the_base_has_the_same_folders_of_its_own_checkout(tmp_path: Path) -> None:
    found = start_variables(RUN, tmp_path, tmp_path, Path("/head"), {"PYTHONPATH": "/head/src:/opt"})
    assert found["PYTHONPATH"] == f"{tmp_path}/src:/opt"
