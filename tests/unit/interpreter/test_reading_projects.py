"""What the files of a project say beside its main dependencies: groups, source folders, the lines to add."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.interpreter.conda import requirements_of
from action.interpreter.declared import declared_in
from action.interpreter.groups import group_with, groups_of
from action.interpreter.source_roots import is_package, source_roots
from action.interpreter.undeclared import lacks_of_its_own, line_to_add, missing_metadata, missing_module
from action.settings.dependencies import DependencySettings
from tests.repositories import Repository

PROJECT = '[project]\nname = "shop"\ndependencies = ["alembic"]\n'
GROUPS = {
    "extra": (
        {"pyproject.toml": PROJECT + '[project.optional-dependencies]\npg = ["psycopg2-binary>=2"]\n'},
        "extra pg",
    ),
    "group": (
        {"pyproject.toml": PROJECT + '[dependency-groups]\ndb = [{include-group = "x"}, "psycopg2"]\n'},
        "group db",
    ),
    "poetry": (
        {"poetry.lock": "", "pyproject.toml": '[tool.poetry.group.db.dependencies]\npsycopg2-binary = "*"\n'},
        "group db",
    ),
    "pdm": ({"pyproject.toml": PROJECT + '[tool.pdm.dev-dependencies]\ndb = ["Psycopg2_Binary"]\n'}, "group db"),
    "pipenv": ({"Pipfile.lock": "{}", "Pipfile": "[dev-packages]\npsycopg2 = '*'\n"}, "group dev-packages"),
    "file": ({"requirements.txt": "alembic", "requirements-dev.txt": "psycopg2==2.9\n"}, "file requirements-dev.txt"),
    "none": ({"requirements.txt": "alembic", "requirements-dev.txt": "pytest\n"}, None),
}


@pytest.mark.parametrize("name", GROUPS)
def test_the_group_that_has_a_module(name: str, tmp_path: Path) -> None:
    files, expected = GROUPS[name]
    project = Repository(tmp_path)
    project.files(files)
    declared = declared_in(project.root, project.root)
    assert declared is not None
    found = group_with("psycopg2", groups_of(declared))
    assert (found.in_words.removeprefix("the ") if found else None) == expected


BUILDS = {
    "src": ({"pyproject.toml": PROJECT, "src/shop/__init__.py": ""}, ["src", "."]),
    "src that is a package": ({"pyproject.toml": PROJECT, "src/__init__.py": ""}, ["."]),
    "setuptools": (
        {"pyproject.toml": '[tool.setuptools.packages.find]\nwhere = ["lib"]\n', "lib/x.py": ""},
        ["lib", "."],
    ),
    "setuptools, package-dir": (
        {"pyproject.toml": '[tool.setuptools.package-dir]\n"" = "lib"\n', "lib/x": ""},
        ["lib", "."],
    ),
    "poetry": (
        {"pyproject.toml": '[[tool.poetry.packages]]\ninclude = "x"\nfrom = "lib"\n', "lib/x": ""},
        ["lib", "."],
    ),
    "hatch": (
        {"pyproject.toml": '[tool.hatch.build.targets.wheel]\npackages = ["lib/x"]\n', "lib/x/y": ""},
        ["lib", "."],
    ),
    "setup.cfg": ({"setup.cfg": "[options]\npackage_dir =\n    = lib\n", "lib/x": ""}, ["lib", "."]),
    "setup.py": ({"setup.py": "setup(package_dir={'': 'lib'})", "lib/x": ""}, ["lib", "."]),
    "out of the repository": ({"setup.py": "setup(package_dir={'': '../..'})"}, ["."]),
}


@pytest.mark.parametrize("name", BUILDS)
def test_the_folders_of_a_projects_modules(name: str, tmp_path: Path) -> None:
    files, expected = BUILDS[name]
    project = Repository(tmp_path)
    project.files(files)
    found = source_roots(project.root, project.root)
    assert [path.relative_to(project.root).as_posix() for path in found] == expected


def test_what_is_meant_to_be_installed(tmp_path: Path) -> None:
    project = Repository(tmp_path)
    built = PROJECT + "[build-system]\nrequires = []\n"
    texts = {
        "a": built,
        "b": PROJECT,
        "c": built + "[tool.uv]\npackage = false\n",
        "d": PROJECT + "[tool.uv]\npackage = true\n",
    }
    project.files({f"{name}/pyproject.toml": text for name, text in texts.items()})
    assert [is_package(project.root / name, project.root) for name in texts] == [True, False, False, True]


def test_what_pip_can_install_of_condas_packages() -> None:
    text = """
name: shop
dependencies:
  - python=3.11
  - conda-forge::sqlalchemy=2.0=py311_0
  - psycopg2>=2.9
  - alembic==1.14.0
  - libpq
  - postgresql
  - pip:
    - -r requirements.txt
    - fastapi~=0.110
"""
    assert requirements_of(text) == [
        "sqlalchemy==2.0.*",
        "psycopg2-binary>=2.9",
        "alembic==1.14.0",
        "-r requirements.txt",
        "fastapi~=0.110",
    ]
    for broken in ("dependencies: [", "- a list", "name: shop"):
        with pytest.raises(ValueError, match=r"."):
            requirements_of(broken)


ADDED = {
    "uv.lock": ({"uv.lock": "", "pyproject.toml": PROJECT}, "Run `uv add psycopg2-binary` and commit uv.lock."),
    "poetry.lock": (
        {"poetry.lock": "", "pyproject.toml": PROJECT},
        "Run `poetry add psycopg2-binary` and commit poetry.lock.",
    ),
    "requirements.txt": ({"requirements.txt": "alembic"}, "Add the line `psycopg2-binary` to requirements.txt."),
    "pyproject.toml": ({"pyproject.toml": PROJECT}, 'Add "psycopg2-binary" to `dependencies` in pyproject.toml.'),
}


@pytest.mark.parametrize("name", ADDED)
def test_the_line_to_add(name: str, tmp_path: Path) -> None:
    files, expected = ADDED[name]
    project = Repository(tmp_path)
    project.files(files)
    declared = declared_in(project.root, project.root)
    assert declared is not None
    assert line_to_add("psycopg2", declared) == expected
    assert line_to_add("unheard.of", declared).endswith("If the package has another name, add that one.")


OWN = "app is the project's own package in {}, which has no app.domain."


@pytest.mark.parametrize(
    ("files", "module", "why"),
    [
        (
            {"src/app/__init__.py": ""},
            "app.domain",
            "app is the project's own package in src/app, which has no app.domain.",
        ),
        ({"app/__init__.py": ""}, "app.domain", OWN.format("app")),
        ({"src/app/models.py": ""}, "app.domain", ""),  # an installed package may continue it
        ({"src/app/__init__.py": ""}, "app", ""),
    ],
)
def test_a_module_of_the_project_is_no_package_to_add(
    files: dict[str, str], module: str, why: str, tmp_path: Path
) -> None:
    project = Repository(tmp_path)
    project.files({"requirements.txt": "alembic", **files})
    declared = declared_in(project.root, project.root)
    assert declared is not None
    assert (lacks_of_its_own(module, declared) or ("", ""))[0] == why


def test_what_an_error_lacks() -> None:
    assert (
        missing_module("the greenlet library is required to use this function. No module named 'greenlet'")
        == "greenlet"
    )
    assert missing_metadata("No package metadata was found for shop") == "shop"
    assert (missing_module("x"), missing_metadata("x")) == ("", "")


@pytest.mark.parametrize(
    "names", ["libldap-dev libsasl2-dev", "libldap-dev,libsasl2-dev", ["libldap-dev\nlibsasl2-dev"]]
)
def test_names_of_debian_packages(names: object) -> None:
    assert DependencySettings.model_validate({"apt-packages": names}).apt_packages == ("libldap-dev", "libsasl2-dev")


@pytest.mark.parametrize("names", ["-o=x", "a;b", "../x.deb", "libldap-", "X", "a=1"])
def test_nothing_else_reaches_apt_get(names: str) -> None:
    with pytest.raises(ValueError, match="not the name of a Debian package"):
        DependencySettings.model_validate({"apt-packages": names})
