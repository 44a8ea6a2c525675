"""The metadata files action.yml and host/action.yml, written from the declarations of the settings and the outputs."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator

from action.reports.outputs import OUTPUTS
from action.settings.declaration import Settings
from action.settings.declaring import GROUPS, Setting, setting_of
from action.settings.dependencies import NONE
from action.settings.inputs import ABOUT_OPTIONS, OPTIONS
from action.settings.sources import option

_HEAD = """\
# Written by `python -m action.manifest{argument}` from action/settings and action/reports/outputs.py.
name: {name}
author: alembic-checks
description: >-
  {description}
branding:
  icon: database
  color: green
"""
_WHAT = "Run a pull request's Alembic migrations on a throwaway PostgreSQL and report what a deploy would do"
_RUNS = """\
runs:
  using: docker
  image: {image}
"""
_ON_HOST = """\
runs:
  using: composite
  steps:
    - name: Run alembic-checks
      id: run
      shell: bash
      env:
{variables}
      run: bash "$GITHUB_ACTION_PATH/run.sh"
"""
_HOST_TEXTS = {
    "install": "How to install the project's dependencies: none uses what the job has; auto finds the project's own "
    "files, such as uv.lock or requirements.txt; anything else is a command. Default: none",
}
"""Descriptions of inputs that mean something else where the job's own environment is used."""
_HOST_DEFAULTS = {"install": NONE}
_PULLED = re.compile(r"[a-z0-9.:/_-]+@sha256:[0-9a-f]{64}")


def manifest(image: str | None = None) -> str:
    """Return the text of action.yml, for the Dockerfile or for the image of a release, ``NAME@sha256:DIGEST``."""
    if image is not None and not _PULLED.fullmatch(image):
        raise ValueError(f"{image!r} is not NAME@sha256:DIGEST: what has no digest can become another image")
    head = _HEAD.format(argument="", name="alembic-checks", description=_WHAT)
    runs = _RUNS.format(image=f"docker://{image}" if image else "Dockerfile")
    declared = _grouped((name, about, about.input_help, about.input_default) for name, about in inputs())
    return "".join((head, "inputs:\n", *declared, "outputs:\n", *_outputs(), runs))


def host_manifest() -> str:
    """Return the text of host/action.yml: the same program, in a job that has the project's environment already."""
    head = _HEAD.format(
        argument=" host", name="alembic-checks on the runner", description=f"{_WHAT}, without a container"
    )
    declared = _grouped(
        (name, about, _HOST_TEXTS.get(name, about.input_help), _HOST_DEFAULTS.get(name, about.input_default))
        for name, about in inputs()
    )
    # An input reaches the program as a variable; in the text of a script, its value would be a part of the script.
    variables = (f"        {variable(name)}: ${{{{ inputs.{name} }}}}" for name, _ in inputs())
    runs = _ON_HOST.format(variables="\n".join(variables))
    return "".join((head, "inputs:\n", *declared, "outputs:\n", *_outputs(step="run"), runs))


def variable(name: str) -> str:
    """Return the variable that the runner sets for an input of a container action."""
    return f"INPUT_{name.upper()}"


def inputs() -> list[tuple[str, Setting]]:
    """Return the inputs of the action, group by group; the last one takes all other settings."""
    return [*(item for item in _settings() if item[1].is_input), (OPTIONS, ABOUT_OPTIONS)]


def further_settings() -> list[tuple[str, Setting]]:
    """Return the settings that are no inputs of their own, group by group."""
    return [item for item in _settings() if not item[1].is_input]


def _settings() -> list[tuple[str, Setting]]:
    found = [(option(name, field), setting_of(field)) for name, field in Settings.model_fields.items()]
    return sorted(found, key=lambda item: GROUPS.index(item[1].group))


def _grouped(described: Iterable[tuple[str, Setting, str, str]]) -> Iterator[str]:
    """Yield each input, the first of a group below the group's name."""
    last = ""
    for name, about, description, default in described:
        if about.group != last:
            yield f"  # {about.group}\n"
        yield _input(name, description, default)
        last = about.group


def _input(name: str, description: str, default: str) -> str:
    lines = [f"  {name}:", f"    description: {_quoted(description)}"]
    lines += ["    required: false", *([f"    default: {_quoted(default)}"] if default else [])]
    return "\n".join(lines) + "\n"


def _outputs(step: str = "") -> Iterator[str]:
    for output in OUTPUTS:
        value = f"    value: ${{{{ steps.{step}.outputs.{output.name} }}}}\n" if step else ""
        yield f"  {output.name}:\n    description: {_quoted(output.description)}\n{value}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # which is YAML too


def _main(arguments: list[str]) -> str:
    parser = argparse.ArgumentParser(
        prog="python -m action.manifest", description="Print action.yml or host/action.yml."
    )
    parser.add_argument("which", nargs="?", choices=("host",))
    parser.add_argument("--image", metavar="NAME@sha256:DIGEST", help="image of a release. Default: the Dockerfile")
    given = parser.parse_args(arguments)
    if given.which:
        return host_manifest()
    try:
        return manifest(given.image)
    except ValueError as error:
        parser.error(str(error))


if __name__ == "__main__":
    sys.stdout.write(_main(sys.argv[1:]))
