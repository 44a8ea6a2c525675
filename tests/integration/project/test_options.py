"""What the options of a configuration mean, as Alembic reads them: sections, locations, pyproject.toml."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from action.project.alembic_tree import Tree
from tests.integration.project.finding import only, paths
from tests.repositories import Repository


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
