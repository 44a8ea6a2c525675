"""Every example of docs/projects.md about the project's own command, run as it is written there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.house import ROOT
from tests.integration.program.conftest import Run, python_for
from tests.projects import builder, frameworks, ways
from tests.projects.environments import FRAMEWORKS

_EXAMPLE = re.compile(r"<!-- example: (?P<name>[\w-]+) -->\n```yaml\n(?P<text>.*?)```", re.DOTALL)
EXAMPLES = {
    found["name"]: YAML(typ="safe").load(found["text"])["with"]
    for found in _EXAMPLE.finditer((ROOT / "docs" / "projects.md").read_text(encoding="utf-8"))
}
PROJECTS = {
    "factory": (frameworks.flask(parameter="name"), "Flask-Migrate 4"),
    "command": (ways.own_program("db.upgrade()"), ""),
    "quart": (frameworks.quart(frameworks.IN_A_LOOP[0]), "advanced-alchemy"),
    "config": (ways.own_program("pass"), ""),
    "x-args": (builder.tree(builder.BOOK, env=ways.X_ENV), ""),
}


@pytest.mark.parametrize("name", PROJECTS)
def test_an_example_of_the_page_passes(name: str, run: Run, tmp_path: Path) -> None:
    files, environment = PROJECTS[name]
    given = EXAMPLES[name]
    lines = [(key, line) for key, value in given.items() for line in value.splitlines()]
    settings = [line.split("=", 1) if key == "options" else [key, line] for key, line in lines]
    options = [part for name, value in settings for part in (f"--{name}", value)]
    python = ["--python", python_for(FRAMEWORKS[environment])] if environment else []
    ran = run(builder.write(tmp_path, files), *options, *python)
    assert ran.outline[0] == "passed", ran.stdout + ran.stderr
    assert [line for line in ran.outline if " skipped" in line] == ["  history skipped"]


def test_no_example_is_left_out() -> None:
    assert set(PROJECTS) <= set(EXAMPLES)
