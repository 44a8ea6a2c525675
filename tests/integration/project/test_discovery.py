"""Finding the trees of projects of every layout, on disk."""

from __future__ import annotations

import pytest

from action.errors import NoProjectError, SettingsError
from action.project.alembic_tree import Tree
from action.project.discovery import find_trees, repository_root
from tests.integration.project.finding import only, paths
from tests.repositories import Repository


def test_an_ini_at_the_root(project: Repository) -> None:
    project.tree(prepend_sys_path=".")
    root = project.root
    assert only(project) == Tree(
        path="alembic.ini",
        config_file=root / "alembic.ini",
        section="alembic",
        kind="ini",
        workdir=root,
        script_location=root / "migrations",
        version_locations=(root / "migrations/versions",),
        recursive=False,
        env_py=root / "migrations/env.py",
        prepend_sys_path=(".",),
    )


def test_trees_in_subfolders_nearest_first(project: Repository) -> None:
    project.tree("services/a/db", "alembic")
    project.tree("backend", "app/alembic")
    assert paths(project) == ["backend/alembic.ini", "services/a/db/alembic.ini"]
    assert find_trees(project.root)[0].workdir == project.root / "backend"


def test_a_path_inside_of_a_repository(project: Repository) -> None:
    project.init()
    project.tree()
    project.tree("backend")
    (tree,) = find_trees(project.root / "backend")
    assert (tree.path, repository_root(project.root / "backend")) == ("backend/alembic.ini", project.root)


def test_without_git_the_root_is_the_path_itself(project: Repository) -> None:
    project.tree("backend")
    assert repository_root(project.root / "backend") == project.root / "backend"
    assert [tree.path for tree in find_trees(project.root / "backend")] == ["alembic.ini"]


@pytest.mark.parametrize("folder", [".hidden", "node_modules/x", "lib/site-packages/x", "__pycache__", "some-env/x"])
def test_folders_that_are_not_the_projects_own(project: Repository, folder: str) -> None:
    project.files({"some-env/pyvenv.cfg": ""})
    project.tree(folder)
    with pytest.raises(NoProjectError):
        find_trees(project.root)


def test_a_location_that_counts_from_the_root(project: Repository) -> None:
    project.init()
    project.files({"conf/alembic.ini": "[alembic]\nscript_location = db/migrations\n", "db/migrations/env.py": ""})
    tree = only(project)
    assert (tree.path, tree.workdir, tree.script_location) == (
        "conf/alembic.ini",
        project.root,
        project.root / "db/migrations",
    )
    (inside,) = find_trees(project.root / "conf")
    assert inside == tree


def test_here_is_the_folder_of_the_ini(project: Repository) -> None:
    project.tree("100%/backend", "%(here)s/../db")
    project.files({"100%/db/env.py": ""})
    tree = only(project)
    assert (tree.workdir, tree.script_location) == (project.root / "100%/backend", project.root / "100%/db")


@pytest.mark.parametrize(
    ("place", "options"),
    [("backend/app/db", {}), ("backend/src/app/db", {}), ("backend/lib/app/db", {"prepend_sys_path": ". lib"})],
)
def test_a_location_in_a_package(project: Repository, place: str, options: dict[str, str]) -> None:
    lines = "".join(f"{name} = {value}\n" for name, value in options.items())
    project.files({"backend/alembic.ini": f"[alembic]\nscript_location = app.db:migrations\n{lines}"})
    project.files({f"{place}/migrations/env.py": ""})
    tree = only(project)
    assert (tree.script_location, tree.workdir) == (project.root / place / "migrations", project.root / "backend")


def test_a_location_in_a_package_that_counts_from_the_root(project: Repository) -> None:
    project.init()
    project.files({"conf/alembic.ini": "[alembic]\nscript_location = app:db\n", "src/app/db/env.py": ""})
    assert (only(project).script_location, only(project).workdir) == (project.root / "src/app/db", project.root)


SECTIONS = """
[DEFAULT]
script_location = core
[alembic]
[tenant]
script_location = tenant
[audit]
version_locations = audit/versions
[prod]
sqlalchemy.url = x
[loggers]
keys = root
"""


def test_named_sections(project: Repository) -> None:
    project.files({"alembic.ini": SECTIONS, "core/env.py": "", "tenant/env.py": ""})
    trees = {tree.path: (tree.section, tree.script_location.name, tree.version_locations[0].parent.name)
             for tree in find_trees(project.root)}  # fmt: skip
    assert trees == {
        "alembic.ini": ("alembic", "core", "core"),
        "alembic.ini:tenant": ("tenant", "tenant", "tenant"),
        "alembic.ini:audit": ("audit", "core", "audit"),
    }


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (["alembic.ini"], ["alembic.ini"]),
        (["./alembic.ini:tenant"], ["alembic.ini:tenant"]),
        (["alembic.ini:prod"], ["alembic.ini:prod"]),
        (["alembic.ini:tenant", "alembic.ini:tenant", "alembic.ini"], ["alembic.ini:tenant", "alembic.ini"]),
        (["backend"], ["backend/alembic.ini"]),
        (["backend/alembic.ini"], ["backend/alembic.ini"]),
        ([".hidden/alembic.ini"], [".hidden/alembic.ini"]),
        (["production.ini"], ["production.ini"]),
    ],
)
def test_chosen_trees(project: Repository, chosen: list[str], expected: list[str]) -> None:
    project.files({"alembic.ini": SECTIONS, "core/env.py": "", "tenant/env.py": ""})
    project.files({"production.ini": "[alembic]\nscript_location = core\n"})
    project.tree("backend")
    project.tree(".hidden")
    assert paths(project, *chosen) == expected


def test_a_chosen_tree_may_count_from_the_repositorys_root(project: Repository) -> None:
    project.init()
    project.tree("backend")
    assert [tree.path for tree in find_trees(project.root / "backend", ["backend/alembic.ini"])] == [
        "backend/alembic.ini"
    ]


@pytest.mark.parametrize("chosen", ["other.ini", "alembic.ini:other", "docs"])
def test_a_chosen_tree_that_is_not_there(project: Repository, chosen: str) -> None:
    project.tree()
    project.tree("backend")
    (project.root / "docs").mkdir()
    with pytest.raises(SettingsError) as raised:
        find_trees(project.root, [chosen])
    assert raised.value.what == f"There is no Alembic config {chosen}."
    assert raised.value.why == "Found: alembic.ini, backend/alembic.ini."


def test_configurations_of_the_same_scripts_are_one_tree(project: Repository) -> None:
    project.tree()
    project.files({"a.ini": "[alembic]\nscript_location = %(here)s/migrations\n"})
    assert paths(project) == ["alembic.ini"]


def test_flask_migrate_is_run_from_above_its_folder(project: Repository) -> None:
    project.files({"web/migrations/alembic.ini": "[alembic]\n[loggers]\nkeys = root\n", "web/migrations/env.py": ""})
    tree = only(project)
    assert (tree.path, tree.workdir, tree.script_location) == (
        "web/migrations/alembic.ini",
        project.root / "web",
        project.root / "web/migrations",
    )


def test_a_tree_without_revisions_counts_and_one_without_env_py_that_has_some(project: Repository) -> None:
    project.tree("new")
    project.files({"old/alembic.ini": "[alembic]\nscript_location = m\n"})
    project.revisions("a", folder="old/m/versions")
    assert paths(project) == ["new/alembic.ini", "old/alembic.ini"]


@pytest.mark.parametrize(
    ("config", "location", "scripts", "workdir"),
    [
        ("migrations/alembic.ini", "/usr/src/app/migrations", "migrations", "."),
        ("alembic.ini", "/code/db/migrations", "db/migrations", "."),
        ("backend/alembic.ini", "/app/db", "backend/app/db", "backend"),
        ("backend/alembic.ini", "/srv/%%(x)s/alembic", "backend", "."),
    ],
)
def test_an_absolute_location_of_a_container(
    project: Repository, config: str, location: str, scripts: str, workdir: str
) -> None:
    project.files({config: f"[alembic]\nscript_location = {location}\n", f"{scripts}/env.py": ""})
    tree = only(project)
    assert (tree.script_location, tree.workdir) == (project.root / scripts, project.root / workdir)
    written = location.replace("%%", "%")
    assert tree.note == f"script_location is {written}, which does not exist here: {scripts} was used."


def test_a_config_that_the_project_s_code_fills_in(project: Repository) -> None:
    version = "revision = 'a1'\ndown_revision = None\n"
    ini = "[alembic]\nscript_location = {alembic_dir}\nsqlalchemy.url = {db_url}\n"
    project.files({"server/alembic.ini": ini, "server/alembic/env.py": "", "server/alembic/versions/a1.py": version})
    tree = only(project)
    assert (tree.kind, tree.path, tree.workdir) == ("folder", "server/alembic", project.root / "server")
    project.files({"other/alembic.ini": "[alembic]\nscript_location = gone\n"})
    with pytest.raises(NoProjectError):  # that one is a fault
        find_trees(project.root)
