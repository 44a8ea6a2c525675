"""The action's metadata file, action.yml, written from the declarations of the settings and the outputs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from pydantic.fields import FieldInfo

from action.reports.outputs import OUTPUTS
from action.settings.declaration import Settings
from action.settings.declaring import GROUPS, setting_of
from action.settings.sources import option

_HEAD = """\
# Written by `python -m action.manifest` from action/settings and action/reports/outputs.py.
name: alembic-checks
author: alembic-checks
description: >-
  Run a pull request's Alembic migrations on a throwaway PostgreSQL and report what a deploy would do
branding:
  icon: database
  color: green
"""
_RUNS = """\
runs:
  using: docker
  image: Dockerfile
"""


def manifest() -> str:
    """Return the text of action.yml."""
    return "".join((_HEAD, "inputs:\n", *map(_input, inputs()), "outputs:\n", *_outputs(), _RUNS))


def inputs() -> list[tuple[str, FieldInfo]]:
    """Return the settings that are inputs of the action, group by group."""
    fields = Settings.model_fields.items()
    found = [(option(name, field), field) for name, field in fields if setting_of(field).place != "terminal"]
    return sorted(found, key=lambda item: GROUPS.index(setting_of(item[1]).group))


def _input(named: tuple[str, FieldInfo]) -> str:
    name, declared = named
    about = setting_of(declared)
    lines = [f"  {name}:", f"    description: {_quoted(about.input_help)}"]
    default = about.input_default
    lines += ["    required: false", *([f"    default: {_quoted(default)}"] if default else [])]
    return "\n".join(lines) + "\n"


def _outputs() -> Iterator[str]:
    for output in OUTPUTS:
        yield f"  {output.name}:\n    description: {_quoted(output.description)}\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # which is YAML too


if __name__ == "__main__":
    sys.stdout.write(manifest())
