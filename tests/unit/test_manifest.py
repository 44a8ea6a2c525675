"""action.yml and the tables of README.md say what the declarations say."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from action.manifest import further_settings, host_manifest, inputs, manifest, variable
from action.reports.outputs import OUTPUTS
from action.settings.declaration import Settings
from action.settings.declaring import GROUPS, Setting
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


def test_both_actions_have_the_same_inputs_and_outputs() -> None:
    image, host = (YAML(typ="safe").load(file.read_text(encoding="utf-8")) for file in (FILE, HOST))
    in_image, on_host = (
        {name: about.get("default") for name, about in manifest["inputs"].items()} for manifest in (image, host)
    )
    assert on_host == {**in_image, "install": "none"}
    assert list(on_host) == list(in_image)
    assert list(image["outputs"]) == list(host["outputs"])
    assert [about["value"] for about in host["outputs"].values()] == [
        f"${{{{ steps.run.outputs.{name} }}}}" for name in host["outputs"]
    ]


def test_on_the_host_no_value_of_an_input_stands_in_a_script() -> None:
    (step,) = YAML(typ="safe").load(HOST.read_text(encoding="utf-8"))["runs"]["steps"]
    assert step["env"] == {variable(name): f"${{{{ inputs.{name} }}}}" for name, _ in inputs()}
    assert "${{" not in step["run"]


def test_there_are_few_inputs_and_every_other_setting_is_an_option() -> None:
    assert len(inputs()) == 24
    names = [name for name, _ in inputs() + further_settings()]
    assert sorted(names) == sorted([*fields(), "options"])
    only_at_a_terminal = {name for name, about in further_settings() if about.place == "terminal"}
    assert only_at_a_terminal == {"keep", "trace"}
    assert all(about.place != "terminal" for _, about in inputs())


def test_every_input_is_in_its_group_and_states_its_default() -> None:
    groups = [about.group for _, about in inputs()]
    assert list(dict.fromkeys(groups)) == [group for group in GROUPS if group in groups]
    assert [line.strip(" #\n") for line in manifest().splitlines() if line.startswith("  # ")] == list(
        dict.fromkeys(groups)
    )
    for name, about in YAML(typ="safe").load(manifest())["inputs"].items():
        assert "Default: " in about["description"], name


def fields() -> list[str]:
    return [option(name, field) for name, field in Settings.model_fields.items()]


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def table(head: str, settings: Iterable[tuple[str, Setting]], rest: Callable[[Setting], str] = lambda about: "") -> str:
    """Return a table for each group, below its name."""
    lines = []
    for group, several in itertools.groupby(settings, key=lambda item: item[1].group):
        columns = head.count("|") - 1
        lines += ["", f"**{group}**", "", head, f"|{' --- |' * columns}"]
        lines += [f"| `{name}` | {cell(about.input_help)} |{rest(about)}" for name, about in several]
    return "\n".join(lines)


def test_the_page_lists_every_input() -> None:
    readme.check("inputs", table("| input | description |", inputs()))


def test_the_settings_page_lists_every_other_setting() -> None:
    def where(about: Setting) -> str:
        place = {"everywhere": "both", "action": "`options`", "terminal": "command line"}[about.place]
        may_be = about.place != "terminal" and not about.needs_trust
        return f" {place} | {'counts' if may_be else 'ignored' if about.place != 'action' else 'refused'} |"

    head = "| setting | description | where | `pyproject.toml` of a pull request |"
    readme.check("settings", table(head, further_settings(), where), readme.REPOSITORY / "docs" / "settings.md")


def test_the_page_lists_every_output() -> None:
    rows = ["| output | description |", "| --- | --- |"]
    rows += [f"| `{output.name}` | {cell(output.description)} |" for output in OUTPUTS]
    readme.check("outputs", "\n".join(rows))


@pytest.mark.parametrize("name", ["github-token", "comment-key"])
def test_what_only_the_runner_knows_comes_by_a_default(name: str) -> None:
    declared = dict(inputs())[name].input_default
    assert declared.startswith("${{ ")
    assert declared.endswith(" }}")
