"""Finding the trees of projects of every layout, on disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from action.errors import NoProjectError, SettingsError
from action.project.discovery import find_trees, repository_root
from action.project.tree import Tree
from tests.repositories import Repository


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "project")


def paths(project: Repository, *chosen: str) -> list[str]:
    return [tree.path for tree in find_trees(project.root, chosen)]


def only(project: Repository) -> Tree:
    (tree,) = find_trees(project.root)
    return tree


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


@pytest.mark.parametrize(
    "options",
    [
        {"version_locations": "a/v b/v"},
        {"version_locations": "a/v, b/v"},
        {"version_locations": "a/v b/v", "path_separator": "space"},
        {"version_locations": "a/v b/v", "version_path_separator": "space"},
        {"version_locations": f"a/v{os.pathsep}b/v", "path_separator": "os", "version_path_separator": "space"},
        {"version_locations": "a/v;b/v", "version_path_separator": ";"},
        {"version_locations": "a/v:b/v", "path_separator": ":"},
        {"version_locations": "\n  a/v\n  b/v", "path_separator": "newline"},
        {"version_locations": "%(script_location)s/../a/v %(here)s/b/v"},
    ],
)
@pytest.mark.filterwarnings("ignore:.*path_separator:DeprecationWarning")
def test_version_locations_are_those_of_alembic(
    project: Repository, monkeypatch: pytest.MonkeyPatch, options: dict[str, str]
) -> None:
    project.tree(**options, recursive_version_locations="true")
    tree = only(project)
    assert (tree.version_locations, tree.recursive) == ((project.root / "a/v", project.root / "b/v"), True)
    monkeypatch.chdir(tree.workdir)
    scripts = ScriptDirectory.from_config(Config("alembic.ini"))
    assert tuple(Path(os.path.normpath(path)) for path in scripts._version_locations) == tree.version_locations


def test_only_the_word_true_is_true_in_an_ini(project: Repository) -> None:
    project.tree(recursive_version_locations="yes")
    assert only(project).recursive is False


PYPROJECT = """
[tool.alembic]
script_location = "%(here)s/migrations"
version_locations = ["%(here)s/a", "b"]
prepend_sys_path = ["."]
recursive_version_locations = true
"""


def test_pyproject(project: Repository) -> None:
    project.files({"server/pyproject.toml": PYPROJECT, "server/migrations/env.py": ""})
    root = project.root / "server"
    assert only(project) == Tree(
        path="server/pyproject.toml",
        config_file=root / "pyproject.toml",
        kind="pyproject",
        workdir=root,
        script_location=root / "migrations",
        version_locations=(root / "a", root / "b"),
        recursive=True,
        env_py=root / "migrations/env.py",
        prepend_sys_path=(".",),
    )


@pytest.mark.parametrize("ini", ["[alembic]\nsqlalchemy.url = x\n", "[alembic]\nscript_location = other\n"])
def test_pyproject_and_ini_are_one_tree_and_the_ini_comes_first(project: Repository, ini: str) -> None:
    project.files({"pyproject.toml": PYPROJECT, "migrations/env.py": "", "other/env.py": "", "alembic.ini": ini})
    tree = only(project)
    expected = project.root / ("other" if "other" in ini else "migrations")
    assert (tree.path, tree.script_location, tree.recursive) == ("pyproject.toml", expected, True)
    assert paths(project, "alembic.ini") == paths(project, "pyproject.toml") == ["pyproject.toml"]
    alembic = Config(project.root / "alembic.ini", toml_file=project.root / "pyproject.toml")
    assert Path(project.root, alembic.get_alembic_option("script_location", "")) == expected


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
    assert raised.value.what == f"There is no Alembic environment {chosen}."
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


LEFT_OUT = {
    "absent.ini": (
        "[alembic]\nscript_location = nowhere\n",
        "script_location 'nowhere' is no folder that could be found",
    ),
    "empty.ini": ("[alembic]\nscript_location = empty\n", "empty has no env.py and no revisions"),
    "broken.ini": (
        "script_location = x\n",
        "it is no ini file that Python can read (File contains no section headers.)",
    ),
    "twice.ini": (
        "[alembic]\nscript_location = x\nscript_location = y\n",
        "it is no ini file that Python can read (While reading from 'twice.ini' [line  3]: "
        "option 'script_location' in section 'alembic' already exists)",
    ),
    "percent.ini": (
        "[alembic]\nscript_location = %(nothing)s\n",
        "script_location cannot be interpolated (Bad value substitution: option 'script_location' in section "
        "'alembic' contains an interpolation key 'nothing' which is not a valid option name. Raw value: '%(nothing)s')",
    ),
    "separator.ini": (
        "[alembic]\nscript_location = full\nversion_locations = a b\npath_separator = comma\n",
        "path_separator is 'comma', not one of space, newline, os, : and ;",
    ),
    "alembic.ini": ("[alembic]\n", "it has no script_location"),
    "{{name}}/alembic.ini": ("[alembic]\nscript_location = ../full\n", "it is a template"),
    "bomb.ini": (
        "[alembic]\nscript_location = %(a0)s\na8 = x\n" + "".join(f"a{i} = {f'%(a{i + 1})s' * 20}\n" for i in range(8)),
        "script_location cannot be interpolated (Recursion limit exceeded in value substitution: ",
    ),
    "zero.ini": (
        "[alembic]\nscript_location = a\0b\n",
        "one of its folders has a name that no folder can have",
    ),
    "long.ini": (
        f"[alembic]\nscript_location = {'a/' * 3000}\n",
        "one of its folders has a name that no folder can have",
    ),
    "name.ini": (
        f"[alembic]\nscript_location = full\nversion_locations = {'a' * 300}\n",
        "one of its folders has a name that no folder can have",
    ),
    "pyproject.toml": ("[tool.alembic\n", "it is no valid TOML "),
    "deep/pyproject.toml": (f"[tool.alembic]\nx = {'[' * 20_000}", "it is no valid TOML (maximum recursion depth"),
    "digits/pyproject.toml": (f"[tool.alembic]\nx = {'9' * 5_000}\n", "it is no valid TOML (Exceeds the limit"),
    "padded/pyproject.toml": (
        "[tool.alembic]\nscript_location = '%(here)9000000000s'\n",
        "script_location cannot be interpolated (it is padded)",
    ),
    "list/pyproject.toml": (
        '[tool.alembic]\nscript_location = "full"\nversion_locations = ["full", "a\\u0000b"]\n',
        "one of its folders has a name that no folder can have",
    ),
    "typed/pyproject.toml": ("[tool.alembic]\nscript_location = 1\n", "script_location is neither a string nor a list"),
}


@pytest.mark.parametrize("path", LEFT_OUT)
def test_what_was_left_out_is_named(project: Repository, path: str) -> None:
    text, reason = LEFT_OUT[path]
    project.files({path: text, "empty/README": "", "full/env.py": ""})
    with pytest.raises(NoProjectError) as raised:
        find_trees(project.root)
    assert raised.value.what == f"No Alembic environment was found below {project.root}."
    assert raised.value.why.startswith(f"Looked at {path}: {reason}")


def test_nothing_at_all(project: Repository) -> None:
    project.files({"setup.cfg": "[metadata]\n", "pyproject.toml": '[project]\nname = "alembic"\n'})
    with pytest.raises(NoProjectError) as raised:
        find_trees(project.root)
    assert raised.value.why == (
        "No alembic.ini with a script_location and no [tool.alembic] in a pyproject.toml is there."
    )


def test_a_broken_configuration_hides_no_other(project: Repository) -> None:
    project.files({"broken.ini": "script_location"})
    project.tree("backend")
    assert paths(project) == ["backend/alembic.ini"]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        find_trees(tmp_path / "absent")
