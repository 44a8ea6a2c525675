"""Which Python a project asks for, by the files that say so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from action.interpreter.python_version import ANY, WantedPython, allows, specifier, wanted_python
from tests.repositories import Repository

PROJECT = '[project]\nname = "shop"\nrequires-python = "{}"\n'
POETRY = '[tool.poetry.dependencies]\npython = "{}"\n'
WORKFLOW = (
    "jobs:\n  test:\n    steps:\n      - uses: actions/setup-python@v5\n        with:\n          python-version: {}\n"
)
ASKED = [
    ({".python-version": "3.11.4\n"}, "3.11.4", ".python-version"),
    ({".python-version": "# pyenv\ncpython-3.12\n"}, "3.12", ".python-version"),
    ({".python-version": "shop-env\n", "runtime.txt": "python-3.9.16\n"}, "3.9.16", "runtime.txt"),
    ({".tool-versions": "nodejs 20\npython 3.10.2\n"}, "3.10.2", ".tool-versions"),
    ({"Pipfile": '[requires]\npython_version = "3.9"\n'}, "3.9", "Pipfile"),
    ({"Pipfile.lock": '{"_meta": {"requires": {"python_version": "3.8"}}}'}, "3.8", "Pipfile.lock"),
    ({"Pipfile.lock": "[" * 100_000}, "", ""),
    ({"pyproject.toml": PROJECT.format(">=3.10,<3.13")}, ">=3.10,<3.13", "pyproject.toml"),
    ({"pyproject.toml": POETRY.format("^3.10")}, ">=3.10,<4", "pyproject.toml"),
    ({"pylock.toml": 'requires-python = ">=3.11"\n'}, ">=3.11", "pylock.toml"),
    ({"setup.cfg": "[options]\npython_requires = >=3.9\n"}, ">=3.9", "setup.cfg"),
    ({"setup.py": "setup(python_requires='>=3.8, <4')"}, ">=3.8, <4", "setup.py"),
    ({"environment.yml": "dependencies:\n  - python=3.11\n  - numpy\n"}, "3.11", "environment.yml"),
    (
        {"Dockerfile": "FROM node:20\nFROM --platform=linux/amd64 docker.io/library/python:3.9-slim\n"},
        "3.9",
        "Dockerfile",
    ),
    ({"Dockerfile": "FROM python:3.9\n", "pyproject.toml": PROJECT.format(">=3.8")}, "3.9", "Dockerfile"),
    ({"Dockerfile": "FROM python:3.9\n", "pyproject.toml": PROJECT.format(">=3.10")}, ">=3.10", "pyproject.toml"),
    ({"Dockerfile": "FROM python:3.6\n"}, "", ""),
    (
        {"compose/local/web/Dockerfile": "FROM python:3.11\n", "tests/Dockerfile": "FROM python:3.9\n"},
        "3.11",
        "compose/local/web/Dockerfile",
    ),
    ({"docker/Dockerfile.local": "FROM python:3.10-slim\n"}, "3.10", "docker/Dockerfile.local"),
    ({"a/Dockerfile": "FROM python:3.10\n", "b/Dockerfile": "FROM python:3.11\n"}, "", ""),
    ({".github/workflows/test.yml": WORKFLOW.format('"3.12"')}, "3.12", ".github/workflows/test.yml"),
    ({".github/workflows/test.yml": WORKFLOW.format('["3.11", 3.12]')}, "", ""),
    ({".github/workflows/test.yml": WORKFLOW.format("${{ matrix.python-version }}")}, "", ""),
    (
        {".github/workflows/test.yml": WORKFLOW.format("3.9"), "pyproject.toml": PROJECT.format(">=3.10")},
        ">=3.10",
        "pyproject.toml",
    ),
    ({".python-version": "3.12", "pyproject.toml": PROJECT.format(">=3.10")}, "3.12", ".python-version"),
    ({}, "", ""),
]


@pytest.mark.parametrize(("files", "request_", "source"), ASKED)
def test_it_is_found_in_the_files(files: dict[str, str], request_: str, source: str, tmp_path: Path) -> None:
    project = Repository(tmp_path)
    project.files(files)
    found = wanted_python(project.root, project.root)
    assert replace(found, otherwise=None) == WantedPython(request=request_, source=source)
    assert (found.otherwise is not None) is any(word in source for word in ("Dockerfile", "workflows"))


def test_the_nearest_file_counts_and_the_setting_before_all(tmp_path: Path) -> None:
    project = Repository(tmp_path)
    project.files({".python-version": "3.12", "backend/.python-version": "3.11", "other/x": ""})
    asked = [wanted_python(project.root / name, project.root) for name in ("backend", "other")]
    assert [(one.request, one.source) for one in asked] == [
        ("3.11", "backend/.python-version"),
        ("3.12", ".python-version"),
    ]
    assert wanted_python(project.root, project.root, "3.10").source == "python-version"
    assert ANY.request == ""


@pytest.mark.parametrize(
    ("poetry", "expected"),
    [
        ("^3.11", ">=3.11,<4"),
        ("~3.11", ">=3.11,<3.12"),
        ("~3.11.2", ">=3.11.2,<3.12"),
        (">=3.9,<3.13", ">=3.9,<3.13"),
        (">=3.9 <3.13", ">=3.9,<3.13"),
        ("3.11", "==3.11.*"),
        ("3.11.*", "==3.11.*"),
        ("^3.9 || ^4.0", ">=3.9,<4"),
        ("*", ""),
    ],
)
def test_poetrys_notation_is_a_range(poetry: str, expected: str) -> None:
    assert specifier(poetry) == expected


@pytest.mark.parametrize(
    ("asked", "version", "expected"),
    [
        (">=3.9,<3.12", "3.11", True),
        (">=3.9,<3.12", "3.12.1", False),
        (">=3.9.5", "3.9", True),
        ("<4", "3.13", True),
        ("~=3.10", "3.13", True),
        ("~=3.10.2", "3.11", False),
        ("==3.11.*", "3.11.4", True),
        ("==3.11.*", "3.10", False),
        ("!=3.11.0", "3.11.0", False),
        (">3.10", "3.10", False),
        ("<=3.12", "3.13", False),
        ("nonsense", "3.13", True),
    ],
)
def test_a_range_allows_a_version(asked: str, version: str, expected: bool) -> None:
    assert allows(asked, version) is expected
