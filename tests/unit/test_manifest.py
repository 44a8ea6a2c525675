"""action.yml and the tables of README.md say what the declarations say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML

from action.manifest import host_inputs, host_manifest, inputs, manifest, variable
from action.reports.outputs import OUTPUTS
from action.settings.declaration import Settings
from action.settings.declaring import setting_of
from action.settings.sources import option
from tests import readme

FILE = readme.REPOSITORY / "action.yml"
HOST = readme.REPOSITORY / "host" / "action.yml"


@pytest.mark.parametrize(("file", "text"), [(FILE, manifest()), (HOST, host_manifest())], ids=["image", "host"])
def test_the_file_is_current(file: Path, text: str) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_a_release_names_its_image_by_digest_and_nothing_else_changes() -> None:
    image = f"ghcr.io/acme/alembic-checks@sha256:{'0a' * 32}"
    assert manifest(image) == manifest().replace("  image: Dockerfile\n", f"  image: docker://{image}\n")


@pytest.mark.parametrize(
    "image", ["ghcr.io/acme/alembic-checks:1.3.0", "ghcr.io/Acme/a@sha256:" + "0" * 64, "a@sha256:0", "Dockerfile", ""]
)
def test_an_image_without_a_digest_is_refused(image: str) -> None:
    with pytest.raises(ValueError, match="is not NAME@sha256:DIGEST"):
        manifest(image)


def test_both_actions_have_the_same_inputs_and_outputs_but_for_what_the_job_has_installed_there() -> None:
    image, host = (YAML(typ="safe").load(file.read_text(encoding="utf-8")) for file in (FILE, HOST))
    in_image, on_host = (
        {name: about.get("default") for name, about in manifest["inputs"].items()} for manifest in (image, host)
    )
    del in_image["apt-packages"], in_image["cache-dir"]
    assert on_host == {**in_image, "install": "none"}
    assert list(image["outputs"]) == list(host["outputs"])
    assert [about["value"] for about in host["outputs"].values()] == [
        f"${{{{ steps.run.outputs.{name} }}}}" for name in host["outputs"]
    ]


def test_on_the_host_no_value_of_an_input_stands_in_a_script() -> None:
    (step,) = YAML(typ="safe").load(HOST.read_text(encoding="utf-8"))["runs"]["steps"]
    assert step["env"] == {variable(name): f"${{{{ inputs.{name} }}}}" for name in host_inputs()}
    assert "${{" not in step["run"]


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
