"""action.yml and the tables of README.md say what the declarations say."""

from __future__ import annotations

import os

import pytest
from pydantic.fields import FieldInfo

from action.manifest import inputs, manifest
from action.reports.outputs import OUTPUTS
from action.settings.declaration import Settings
from action.settings.declaring import setting_of
from action.settings.sources import option
from tests import readme

FILE = readme.REPOSITORY / "action.yml"


def test_the_file_is_current() -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        FILE.write_text(manifest(), encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == manifest()


def test_every_setting_is_an_input_or_only_for_the_terminal() -> None:
    only_at_a_terminal = {name for name, field in fields() if setting_of(field).place == "terminal"}
    assert only_at_a_terminal == {"keep", "trace"}
    assert {name for name, _ in inputs()} == {name for name, _ in fields()} - only_at_a_terminal


def fields() -> list[tuple[str, FieldInfo]]:
    return [(option(name, field), field) for name, field in Settings.model_fields.items()]


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def test_the_page_lists_every_input() -> None:
    rows = ["| input | description |", "| --- | --- |"]
    for name, field in inputs():
        text = setting_of(field).input_help
        rows.append(f"| `{name}` | {cell(text)} |")
    readme.check("inputs", "\n".join(rows))


def test_the_page_lists_every_output() -> None:
    rows = ["| output | description |", "| --- | --- |"]
    rows += [f"| `{output.name}` | {cell(output.description)} |" for output in OUTPUTS]
    readme.check("outputs", "\n".join(rows))


@pytest.mark.parametrize("name", ["github-token", "matrix"])
def test_what_only_the_runner_knows_comes_by_a_default(name: str) -> None:
    (declared,) = [setting_of(field).input_default for other, field in inputs() if other == name]
    assert declared.startswith("${{ ")
    assert declared.endswith(" }}")
