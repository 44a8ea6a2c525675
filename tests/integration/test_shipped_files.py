"""The linters' word on what we ship: Dockerfile, action.yml, and every workflow that our pages show."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from action.manifest import further_settings
from tests.house import ROOT
from tests.integration.linters import linted_by_actionlint, tool

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
OURS = ("alembic-checks/alembic-checks@", "alembic-checks/alembic-checks/host@")
REUSABLE = ".github/workflows/migrations.yml"
ACTIONS = ("action.yml", "host/action.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A workflow as a page shows it."""

    page: str
    text: str

    @property
    def document(self) -> dict[str, Any]:
        """Return its content; ``on`` is no boolean in YAML 1.2."""
        return dict(YAML(typ="safe").load(self.text))

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Return the steps of all its jobs."""
        return [step for job in self.document["jobs"].values() for step in job.get("steps", ())]

    @property
    def runs_code_of_others(self) -> bool:
        """Tell whether it takes a checkout or runs a command."""
        return any("run" in step or step["uses"].startswith("actions/checkout@") for step in self.steps)


def workflows() -> list[Workflow]:
    """Return the workflow that others call, and every workflow on our pages."""
    reusable = Workflow(page=REUSABLE, text=(ROOT / REUSABLE).read_text(encoding="utf-8"))
    shown = [
        Workflow(page=page.relative_to(ROOT).as_posix(), text=block)
        for page in PAGES
        for block in re.findall(r"^```ya?ml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        if re.search(r"^on:", block, re.MULTILINE)
    ]
    return [*shown, reusable]


def action() -> dict[str, Any]:
    return dict(YAML(typ="safe").load((ROOT / "action.yml").read_text(encoding="utf-8")))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository whose workflows are those of our pages."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for number, workflow in enumerate(workflows()):
        (folder / f"{number}.yml").write_text(workflow.text, encoding="utf-8")
    for name in ACTIONS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy2(ROOT / name, tmp_path / name)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def test_hadolint_passes_the_dockerfile() -> None:
    tool("hadolint", "Dockerfile")


def test_action_yml_and_the_workflows_follow_github_s_schemas(repository: Path) -> None:
    shown = sorted((repository / ".github" / "workflows").iterdir())
    assert len(shown) >= 2
    tool("check-jsonschema", "--builtin-schema", "vendor.github-actions", *(ROOT / name for name in ACTIONS))
    tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *shown)


def test_zizmor_passes_action_yml_and_the_workflows(repository: Path) -> None:
    config = repository / "zizmor.yml"
    config.write_text(json.dumps({"rules": zizmor_rules()}))
    tool("zizmor", "--offline", "--no-progress", "--config", config, repository)


def zizmor_rules() -> dict[str, Any]:
    """Return where our examples depart from what zizmor asks for."""
    posts = [f"{number}.yml" for number, shown in enumerate(workflows()) if not shown.runs_code_of_others]
    return {
        # Examples name releases: a hash would be out of date on the page, and readers have tools that pin for them.
        "unpinned-uses": {"config": {"policies": {"*": "ref-pin"}}},
        # The workflow that posts a stored report has no other event to listen to. It is excused as long as it neither
        # checks anything out nor runs a command.
        "dangerous-triggers": {"ignore": posts},
    }


def test_actionlint_passes_the_workflows(repository: Path) -> None:
    code, output = linted_by_actionlint(repository)
    assert code == 0, output
    assert f"Checking {len(workflows())} workflow file(s)" in output


def test_actionlint_would_not_pass_an_unknown_event(repository: Path) -> None:
    """It says of no workflow at all that all have passed: see that it reads them."""
    first = repository / ".github" / "workflows" / "0.yml"
    first.write_text(first.read_text().replace("pull_request", "pull_quest", 1))
    code, output = linted_by_actionlint(repository)
    assert code == 1
    assert 'unknown Webhook event "pull_quest"' in output


def our_steps() -> Iterator[tuple[Workflow, dict[str, Any]]]:
    """Yield the steps of the workflows that use our action."""
    for workflow in workflows():
        yield from ((workflow, step) for step in workflow.steps if step.get("uses", "").startswith(OURS))


def test_every_input_that_a_workflow_gives_is_one_of_the_action_s() -> None:
    declared = action()["inputs"]
    given = [(workflow.page, name) for workflow, step in our_steps() for name in step.get("with", {})]
    assert given != []
    assert [(page, name) for page, name in given if name not in declared] == []
    options = [
        (workflow.page, line.partition("=")[0])
        for workflow, step in our_steps()
        for line in step.get("with", {}).get("options", "").splitlines()
    ]
    further = [name for name, _ in further_settings()]
    assert options != []
    assert [(page, name) for page, name in options if name not in further] == []


def test_every_output_that_a_workflow_reads_is_one_of_the_action_s() -> None:
    declared = action()["outputs"]
    read = [
        (workflow.page, name)
        for workflow, step in our_steps()
        for name in re.findall(rf"steps\.{re.escape(step.get('id', '-'))}\.outputs\.([\w-]+)", workflow.text)
    ]
    assert read != []
    assert [(page, name) for page, name in read if name not in declared] == []


def test_the_image_of_the_action_is_the_dockerfile() -> None:
    assert action()["runs"] == {"using": "docker", "image": "Dockerfile"}
