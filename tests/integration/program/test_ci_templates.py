"""The templates of docs/gitlab.md and docs/other-ci.md: valid by the schema of each system, and their lines run."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.house import ROOT
from tests.integration.program.conftest import ENTRYPOINT, environ
from tests.integration.program.test_base import branch
from tests.projects.builder import BOOK, git, tree, versions
from tests.projects.upgrades import PAGES

TEMPLATE = re.compile(r"<!-- template: (?P<name>[\w-]+) -->\n```\w+\n(?P<text>.*?)```", re.DOTALL)
TEMPLATES = {
    found["name"]: found["text"]
    for page in ("gitlab.md", "other-ci.md")
    for found in TEMPLATE.finditer((ROOT / "docs" / page).read_text(encoding="utf-8"))
}
SCHEMAS = {
    "gitlab": "vendor.gitlab-ci",
    "gitlab-service": "vendor.gitlab-ci",
    "circleci": "vendor.circle-ci",
    "bitbucket": "vendor.bitbucket-pipelines",
    "azure": "vendor.azure-pipelines",
    "buildkite": "vendor.buildkite",
}
IMAGE = "ghcr.io/alembic-checks/alembic-checks:1"
TARGETS = {
    "gitlab": "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "gitlab-service": "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "jenkins": "CHANGE_TARGET",
    "bitbucket": "BITBUCKET_PR_DESTINATION_BRANCH",
    "azure": "TARGET",
    "buildkite": "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
}
"""The variable in which a system has the target branch; that of Azure is set by the template."""


def yaml(name: str) -> dict[str, Any]:
    return dict(YAML(typ="safe").load(TEMPLATES[name]))


def script(name: str) -> list[str]:
    """Return the lines that a system runs, in its order."""
    match name:
        case "gitlab" | "gitlab-service":
            job = yaml(name)["migrations"]
            return [*job["script"], *job.get("after_script", ())]
        case "jenkins":
            return re.findall(r"sh '''\n(.*?)'''", TEMPLATES[name], re.DOTALL)
        case "circleci":
            return [step["run"]["command"] for step in yaml(name)["jobs"]["migrations"]["steps"] if "run" in step]
        case "bitbucket":
            return list(yaml(name)["pipelines"]["pull-requests"]["**"][0]["step"]["script"])
        case "azure":
            return [step["bash"] for step in yaml(name)["steps"] if "bash" in step]
        case "buildkite":
            return [line.replace("$$", "$") for line in yaml(name)["steps"][0]["command"]]
        case other:
            raise AssertionError(f"nobody runs the template {other}")


def programs(folder: Path) -> Path:
    """Make `alembic-checks`, and a `docker` that takes the one command of our pages and runs it without a container."""
    folder.mkdir()
    ours = f"{shlex.quote(sys.executable)} {shlex.quote(str(ENTRYPOINT))}"
    docker = (
        f'test "$1 $2 $3 $4 $5 $6 $7" = "run --rm -v $PWD:/work -w /work {IMAGE}" || {{ echo "docker $*"; exit 99; }}\n'
        f'shift 7\nexec {ours} "$@"\n'
    )
    for name, text in (("alembic-checks", f'exec {ours} "$@"\n'), ("docker", docker)):
        (folder / name).write_text(f"#!/bin/sh\n{text}")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clone as a CI makes it: the commit of the change, and no branch of the server."""
    project = branch(tmp_path / "server", tree(BOOK), versions(PAGES))
    git(project, "checkout", "-q", "--detach")
    git(tmp_path, "clone", "-q", str(project), str(tmp_path / "clone"))
    git(tmp_path / "clone", "update-ref", "-d", "refs/remotes/origin/main")
    return tmp_path / "clone"


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_template_follows_the_schema_of_its_system(name: str, tmp_path: Path) -> None:
    file = tmp_path / "template.yml"
    file.write_text(TEMPLATES[name])
    # The pattern of Azure's schema is none of the newer kind of regular expressions.
    options = ["--builtin-schema", SCHEMAS[name], "--regex-variant", "nonunicode"]
    transform = SCHEMAS[name].removeprefix("vendor.")
    options += ["--data-transform", transform] if transform == "gitlab-ci" else []
    command = [str(Path(sys.executable).with_name("check-jsonschema")), *options, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_template_is_run() -> None:
    assert set(TEMPLATES) == {*TARGETS, "circleci"}
    assert {line for name in TEMPLATES for line in re.findall(r"ghcr\.io/\S+", TEMPLATES[name])} == {IMAGE}


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name != "gitlab-service"])
def test_the_lines_of_a_template_find_what_the_change_breaks(name: str, clone: Path, tmp_path: Path) -> None:
    if name == "azure":  # which fetches all branches before the first step
        git(clone, "fetch", "-q", "origin")
    variables = {TARGETS[name]: "main"} if name in TARGETS else {}
    path = os.pathsep.join((str(programs(tmp_path / "bin")), os.environ["PATH"]))
    env = environ({**variables, "PATH": path, "TARGET": "main"})
    codes = [
        subprocess.run(["bash", "-e", "-c", line], cwd=clone, env=env, stdin=subprocess.DEVNULL, check=False).returncode
        for line in script(name)
    ]
    folder = clone / ("test-results" if name == "bitbucket" else "alembic-checks-report")
    report = json.loads((folder / "report.json").read_text())
    (checked,) = report["trees"]
    assert checked["base"].startswith("origin/main (")
    found = [f["rule"] for check in checked["checks"] for f in check["findings"]]
    assert (report["verdict"], found, max(codes)) == ("failed", ["missing-migration"], 1)
    assert (folder / "report.junit.xml").exists()
    if name == "gitlab":
        (entry,) = json.loads((clone / "gl-code-quality-report.json").read_text())
        assert (entry["check_name"], entry["severity"], entry["location"]) == (
            "missing-migration",
            "critical",
            {"path": "models.py", "lines": {"begin": entry["location"]["lines"]["begin"]}},
        )
