"""The Python of a project, by what it declares: installed by real uv, as a user who may not write to the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from action.interpreter.host import Host
from tests.integration.interpreter import locks
from tests.integration.interpreter.conftest import VERSION, Machine

HATCH = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
SHOP = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["alembic"{}]\n'
OTHERWISE = "To choose otherwise, set `install` or `python-version`."
WHEEL = "alembic-1.0-py3-none-any.whl"


def test_a_member_of_a_uv_workspace_is_imported_from_the_checkout(machine: Machine) -> None:
    project = machine.project
    project.remove("alembic.ini", "migrations/env.py")
    project.tree("services/api")
    member = (
        SHOP.replace("shop", "api").format(', "shared"') + "[tool.uv.sources]\nshared = {workspace = true}\n" + HATCH
    )
    project.files(
        {
            "pyproject.toml": '[tool.uv.workspace]\nmembers = ["packages/*", "services/*"]\n',
            "packages/shared/pyproject.toml": SHOP.replace("shop", "shared").format("") + HATCH,
            "packages/shared/src/shared/__init__.py": "",
            "services/api/pyproject.toml": member + '[dependency-groups]\ndev = ["pytest"]\n',
            "services/api/src/api/__init__.py": "",
        }
    )
    machine.uv("lock")
    before = sorted(project.root.rglob("*"))
    prepared = machine.prepared()
    assert prepared.error is None, prepared.error.details
    assert machine.imported(prepared, "api", "shared", "alembic", "pytest") == [
        "project/services/api/src/api/__init__.py",
        "project/packages/shared/src/shared/__init__.py",
        "installed/alembic/__init__.py",
        "",
    ]
    note = f"for Python {VERSION} (services/api/pyproject.toml). {OTHERWISE}"
    assert machine.shown.lines == [f"The project's dependencies were installed from uv.lock {note}"]
    assert prepared.supply("No module named 'pytest'")
    assert not prepared.supply("No module named 'pytest'")
    beside = "services/web/alembic.ini"  # its project shares the environment, and failed before that
    assert [prepared.supply("No module named 'pytest'", beside) for _ in range(2)] == [True, False]
    assert prepared.note == f"The project's dependencies were installed from uv.lock with the group dev (pytest) {note}"
    assert machine.imported(prepared, "pytest") == ["installed/pytest/__init__.py"]
    assert sorted(project.root.rglob("*")) == before


def test_what_env_py_lacks_comes_from_another_requirements_file_or_is_the_line_to_add(machine: Machine) -> None:
    machine.project.files({"requirements.txt": "-r requirements/base.txt\n", "requirements/base.txt": "alembic\n"})
    machine.project.files({"requirements/production.txt": "psycopg[binary]\n", "constraints.txt": ""})
    prepared = machine.prepared()
    assert machine.imported(prepared, "alembic", "mako", "psycopg")[2] == ""
    assert prepared.supply("No module named 'psycopg'")
    assert prepared.note.startswith(
        "The project's dependencies were installed from requirements.txt with the file requirements/production.txt "
        "(psycopg)"
    )
    assert not prepared.supply("No module named 'greenlet'")
    assert prepared.advice("the greenlet library is required to use this function. No module named 'greenlet'") == (
        "SQLAlchemy needs it for async engines, and installs it only from 2.0.37 on with Python 3.13, or as "
        "`sqlalchemy[asyncio]`; requirements.txt does not declare it.",
        "Add the line `greenlet` to requirements.txt.",
    )


def test_what_is_declared_for_another_python_is_not_called_undeclared(machine: Machine) -> None:
    machine.project.files({"requirements.txt": 'alembic\npsycopg2 ; python_version < "3.4"\n'})
    prepared = machine.prepared()
    assert not prepared.supply("No module named 'psycopg2'")
    assert prepared.advice("No module named 'psycopg2'") == (
        'requirements.txt has psycopg2 only where `python_version < "3.4"` holds, and it does not hold here with '
        f"Python {VERSION}.",
        "Set `python-version` to a version for which it holds, or change the condition.",
    )


BROKEN_BUILD = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
NO_METADATA = "No package metadata was found for shop"


def test_a_project_that_cannot_be_built_is_still_known_by_its_name(machine: Machine) -> None:
    machine.project.files({"pyproject.toml": SHOP.format("") + BROKEN_BUILD, "backend.py": "raise SystemExit('no')"})
    prepared = machine.prepared()
    assert prepared.error is None, prepared.error.details
    assert prepared.supply(NO_METADATA)
    code = "import importlib.metadata as m; print(m.version('shop'))"
    printed = subprocess.run([prepared.python, "-c", code], cwd="/", capture_output=True, text=True, check=True)
    assert printed.stdout == "1\n"


def test_a_project_whose_version_comes_from_a_build_that_fails_has_no_metadata(machine: Machine) -> None:
    about = SHOP.replace('version = "1"', 'dynamic = ["version"]').format("") + BROKEN_BUILD
    files = {"pyproject.toml": about, "backend.py": "raise SystemExit('no')", "requirements.txt": "alembic\n"}
    machine.project.files(files)
    prepared = machine.prepared()
    assert not prepared.supply(NO_METADATA)
    remedy = "Set `install` to a command that also installs the project, such as: pip install ."
    assert (prepared.advice(NO_METADATA) or ("", ""))[1] == remedy


SHAPES = {
    "pylock.toml": locks.PYLOCK,
    "setup.cfg": {
        "setup.cfg": "[metadata]\nname = shop\nversion = 1\n[options]\npackage_dir =\n    = lib\npackages = shop\n"
                     "install_requires =\n    alembic\n",
        "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n',
        "lib/shop/__init__.py": "",
    },
    "environment.yml": {"environment.yml": "dependencies:\n  - python>=3.9\n  - libpq\n  - alembic=1.0\n"},
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_other_files_that_declare_dependencies(name: str, machine: Machine) -> None:
    machine.project.files(SHAPES[name])
    if name == "setup.cfg":
        del machine.env["UV_DEFAULT_INDEX"]  # for setuptools
    before = sorted(machine.project.root.rglob("*"))
    prepared = machine.prepared()
    assert prepared.error is None, prepared.error.details
    assert prepared.note.startswith(f"The project's dependencies were installed from {name} for Python {VERSION}")
    assert machine.imported(prepared, "alembic") == ["installed/alembic/__init__.py"]
    if name == "setup.cfg":
        assert machine.imported(prepared, "shop") == ["project/lib/shop/__init__.py"]
    assert sorted(machine.project.root.rglob("*")) == before


def test_without_uv_pip_installs_requirements_and_nothing_else(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    machine.host = Host(own=machine.host.own, environ={"PATH": "/usr/bin:/bin"})
    machine.env = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": machine.env["UV_FIND_LINKS"]}
    machine.project.files({"requirements.txt": "alembic\n"})
    prepared = machine.prepared()
    assert prepared.error is None, prepared.error.details
    assert prepared.note == (
        "The project's dependencies were installed from requirements.txt. To choose otherwise, set `install`."
    )
    assert machine.imported(prepared, "alembic") == ["installed/alembic/__init__.py"]
    machine.project.files({"uv.lock": "", "pyproject.toml": SHOP.format("")})
    error = machine.prepared().error
    assert error is not None
    assert (error.what, error.remedy) == (
        "The project's dependencies are declared in uv.lock, and only uv installs from it here.",
        "Install uv, or create .venv, or set --python or --install.",
    )


def test_a_second_run_installs_from_the_kept_cache(machine: Machine) -> None:
    kept = machine.project.root.parent / "kept"
    kept.mkdir()
    machine.host.user.own(kept)
    del machine.env["UV_CACHE_DIR"]
    machine.project.files({"requirements.txt": f"alembic @ file://{machine.env['UV_FIND_LINKS']}/{WHEEL}\n"})
    for _ in range(2):
        prepared = machine.prepared(**{"cache-dir": kept})
        assert prepared.error is None, prepared.error.details
        assert machine.imported(prepared, "alembic") == ["installed/alembic/__init__.py"]
    assert any((kept / "uv").rglob("alembic"))


def test_a_driver_that_is_not_declared_is_installed_with_the_line_to_add(machine: Machine) -> None:
    machine.project.files({"requirements.txt": "alembic\n"})
    prepared = machine.prepared()
    assert prepared.supply("No module named 'psycopg'")
    assert not prepared.supply("No module named 'psycopg'")
    assert prepared.note == (
        f"The project's dependencies were installed from requirements.txt for Python {VERSION}. `psycopg[binary]` was "
        "installed as well. It is the driver of URLs that begin with postgresql+psycopg://, and of postgresql:// from "
        "SQLAlchemy 2.1 on, and requirements.txt does not declare it. Add the line `psycopg[binary]` to "
        f"requirements.txt. {OTHERWISE}"
    )
    assert machine.imported(prepared, "psycopg") == ["installed/psycopg/__init__.py"]


def test_a_project_in_place_that_writes_beside_its_sources_is_built_in_a_copy(machine: Machine) -> None:
    setup = "import pathlib\nfrom setuptools import setup\npathlib.Path('made.txt').touch()\n"
    machine.project.files(
        {
            "setup.py": setup + "setup(name='shop', version='1', package_dir={'': 'lib'}, packages=['shop'])\n",
            "lib/shop/__init__.py": "",
            "requirements.txt": "alembic\n-e .\n",
        }
    )
    del machine.env["UV_DEFAULT_INDEX"]  # for setuptools
    prepared = machine.prepared()
    assert prepared.error is None, prepared.error.details
    assert machine.imported(prepared, "shop", "alembic") == [
        "project/lib/shop/__init__.py",
        "installed/alembic/__init__.py",
    ]
    assert not (machine.project.root / "made.txt").exists()


def test_a_python_that_is_not_there_is_named_with_the_choices(machine: Machine) -> None:
    machine.project.files({"requirements.txt": "alembic\n", ".python-version": "3.7.2\n"})
    machine.env["UV_PYTHON_DOWNLOADS"] = "never"
    prepared = machine.prepared()
    assert prepared.error is not None
    assert (prepared.error.what, prepared.error.why) == (
        "Python 3.7.2 is not available here: it is not installed, and could not be downloaded.",
        ".python-version asks for it.",
    )
    assert prepared.error.remedy.startswith("Set `python-version` to one of these: ")
    assert VERSION in prepared.error.remedy


def test_nothing_declared_is_never_our_own_packages_in_the_image(machine: Machine) -> None:
    machine.project.files({"docs/x": "", "backend/requirements.txt": "alembic\n"})
    prepared = machine.prepared()
    assert prepared.error is not None
    assert (prepared.error.what, prepared.error.remedy) == (
        "No file declares the dependencies of alembic.ini, and no environment has them.",
        "Set `install` to the command that installs them, such as: uv pip install -r backend/requirements.txt",
    )
    none = machine.prepared(install="none").error
    assert none is not None
    assert none.what == "No environment has the dependencies of alembic.ini, and `install: none` installs nothing."


def test_a_failed_installation_names_the_setting(machine: Machine) -> None:
    machine.project.files({"requirements.txt": "alembic==9.9\n"})
    error = machine.prepared().error
    assert error is not None
    assert error.what.startswith("The project's dependencies could not be installed from requirements.txt: ")
    assert (error.exit_code, error.why) == (5, "No package index has alembic==9.9.")
    assert "alembic==9.9" in error.details


@pytest.mark.parametrize(
    ("files", "note"),
    [
        ({}, "The project declares no dependencies, so its migrations ran in the Python of alembic-checks"),
        (
            {"requirements.txt": "alembic\n"},
            "The project's dependencies were installed from requirements.txt for Python",
        ),
    ],
)
def test_at_a_terminal_our_own_python_serves_only_a_project_that_declares_nothing(
    files: dict[str, str], note: str, machine: Machine, tmp_path: Path
) -> None:
    machine.project.files(files)
    machine.host = Host(own=machine.host.own, environ={"PATH": os.environ["PATH"]})
    prepared = machine.prepared()
    assert prepared.note.startswith(note)
    assert (prepared.python == machine.host.own) is (files == {})
