"""Dependencies in the image: installed by themselves, as the user without rights, from what the project declares."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.runner import OWNER, Job, Runner
from tests.projects import builder
from tests.projects.builder import BOOK, EnvPy, tree

PYPROJECT = """[project]
name = "shop"
version = "1"
requires-python = ">=3.10"
dependencies = ["alembic", "psycopg2-binary", "sqlalchemy<2.1"]

[dependency-groups]
dev = ["iniconfig"]

[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
"""


def test_a_project_with_src_and_a_group_needs_no_input_but_the_cache(runner: Runner, workspace: Path) -> None:
    env = EnvPy(top="import shop").text
    shop = "import importlib.metadata, iniconfig\nversion = importlib.metadata.version('shop')\n"
    builder.commit(workspace, {**tree(BOOK, env=env), "pyproject.toml": PYPROJECT, "src/shop/__init__.py": shop})
    inputs = {"cache-dir": ".alembic-checks-cache"}
    result = runner.run(Job(workspace=workspace, inputs=inputs, reach_host=True))
    assert (result.exit_code, result.outputs["verdict"]) == (0, "passed"), result.log
    note = (
        "The project's dependencies were installed from pyproject.toml with the group dev (iniconfig) and the "
        "project itself (its metadata) for Python 3.13 (pyproject.toml). To choose otherwise, set `install` "
        "or `python-version`."
    )
    assert note in " ".join(result.log.split()), result.log
    assert [path for path in workspace.rglob("*") if path.lstat().st_uid != OWNER] == []
    assert (workspace / ".alembic-checks-cache" / "uv").is_dir()
    assert sorted(path.name for path in (workspace / "src").rglob("*")) == ["__init__.py", "shop"]


def test_the_environment_of_a_command_is_replaced_where_its_python_does_not_fit(
    runner: Runner, workspace: Path
) -> None:
    """Uv deletes the environment before it creates another: its folder has to be the user's."""
    builder.commit(workspace, tree(BOOK))
    install = "uv venv --clear --python /usr/bin/python3 $VIRTUAL_ENV && uv pip install alembic psycopg2-binary"
    result = runner.run(Job(workspace=workspace, inputs={"install": install}, reach_host=True))
    assert (result.exit_code, result.outputs["verdict"]) == (0, "passed"), result.log


def test_debian_packages_are_installed_before_the_dependencies(runner: Runner, workspace: Path) -> None:
    builder.commit(workspace, tree(BOOK))
    inputs = {"apt-packages": "hello", "install": "hello && uv pip install alembic psycopg2-binary"}
    result = runner.run(Job(workspace=workspace, inputs=inputs, reach_host=True))
    assert (result.exit_code, result.outputs["verdict"]) == (0, "passed"), result.log
    unknown = runner.run(Job(workspace=workspace, inputs={**inputs, "apt-packages": "helo-headers"}, reach_host=True))
    assert unknown.exit_code == 5, unknown.log
    said = "The Debian packages of `apt-packages` could not be installed: helo-headers. Debian has no package"
    assert said in " ".join(unknown.log.split()), unknown.log
