"""The workflows of this repository: what linters say of them, what they may do, and that what they name is there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from release.__main__ import parser
from tests.house import ROOT
from tests.integration.linters import linted_by_actionlint, tool

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
OURS = ("uses: ./", "uses: alembic-checks/alembic-checks@")
WRITES = {
    "migrations.migrations": {"pull-requests", "statuses"},
    "publish.build": {"packages"},
    "publish.index": {"packages", "id-token", "attestations"},
    "publish.tags": {"contents"},
    "publish.registry": {"packages"},
    "release.image": {"contents", "packages", "id-token", "attestations"},  # those of publish, for its jobs
    "release.package": {"id-token"},
    "rebuild.image": {"contents", "packages", "id-token", "attestations"},
    "rebuild.release": {"contents"},
}


def document(file: Path) -> dict[str, Any]:
    return dict(YAML(typ="safe").load(file.read_text(encoding="utf-8")))


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in FILES:
        yield from ((f"{file.stem}.{name}", job) for name, job in document(file)["jobs"].items())


def steps() -> Iterator[dict[str, Any]]:
    for _, job in jobs():
        yield from job.get("steps", ())


def test_zizmor_and_github_s_schema_pass_them() -> None:
    assert len(FILES) >= 5
    tool("zizmor", "--offline", "--no-progress", "--persona", "pedantic", ".github")
    tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *FILES)


def test_actionlint_passes_them(tmp_path: Path) -> None:
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    shutil.copy2(ROOT / "action.yml", tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    code, output = linted_by_actionlint(tmp_path)
    assert code == 0, output
    assert f"Checking {len(FILES)} workflow file(s)" in output


def test_each_job_has_the_permissions_that_it_needs_and_no_others() -> None:
    assert [file.name for file in FILES if document(file)["permissions"] != {}] == []
    given = {
        name: {what for what, how in permissions.items() if how != "read"}
        for name, job in jobs()
        if (permissions := job["permissions"])
    }
    assert {name: writes for name, writes in given.items() if writes} == {
        name: writes for name, writes in WRITES.items() if name in given
    }


def test_each_action_of_others_is_pinned_and_its_version_stands_beside_it() -> None:
    uses = [line.strip().removeprefix("- ") for file in FILES for line in file.read_text("utf-8").splitlines()]
    others = [line for line in uses if line.startswith("uses: ") and not line.startswith(OURS)]
    assert len(others) >= 10
    assert [line for line in others if not PINNED.fullmatch(line)] == []
    versions: dict[str, set[str]] = {}
    for line in others:
        name, pin = line.removeprefix("uses: ").split("@")
        versions.setdefault(name, set()).add(pin)
    assert {name: pins for name, pins in versions.items() if len(pins) > 1} == {}


def test_no_checkout_leaves_the_token_of_its_job_behind() -> None:
    checkouts = [step for step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) >= 5
    assert [step for step in checkouts if step["with"]["persist-credentials"] is not False] == []


def test_no_expression_stands_in_a_script() -> None:
    assert [step["run"] for step in steps() if "${{" in step.get("run", "")] == []


def test_the_inputs_that_the_example_is_run_with_are_inputs_of_the_action() -> None:
    declared = document(ROOT / "action.yml")["inputs"]
    given = [name for step in steps() if step.get("uses") == "./" for name in step["with"]]
    assert given != []
    assert [name for name in given if name not in declared] == []


def release_commands() -> Iterator[list[str]]:
    """Yield the arguments of each call; what a variable holds is written as ``false``."""
    for step in steps():
        for line in step.get("run", "").replace("\\\n", " ").splitlines():
            if "-m release " in line:
                words = shlex.split(re.sub(r" [<>].*", "", line))
                yield ["false" if "$" in word else word for word in words[words.index("release") + 1 :]]


def test_each_command_of_a_release_is_one_that_there_is() -> None:
    """What they do is tested in tests/integration/release."""
    called = [*release_commands()]
    for arguments in called:
        parser().parse_args(arguments)
    assert {arguments[0] for arguments in called} == {"source", "tags", "newest", "updates", "number", "example"}
