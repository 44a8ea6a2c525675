"""The action as a release has it: its image comes from a registry by digest, and starts without build or network."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
from ruamel.yaml import YAML

from release import __main__ as release
from release.numbers import of_project
from tests.e2e import registry
from tests.e2e.ours import with_our_packages
from tests.e2e.runner import Runner, prepare
from tests.house import ROOT
from tests.projects.builder import git

IN_THE_REPOSITORY = ("action.yml", "pyproject.toml", "Dockerfile", ".github/workflows/ci.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedAction:
    """A release, as a runner that was given its moving tag has downloaded it."""

    folder: Path
    image: str


@pytest.fixture
def released(image: str, docker_engine: docker.DockerClient, tmp_path: Path) -> Iterator[ReleasedAction]:
    """Release the working tree, with a registry and a repository that stand in for GitHub's."""
    work, remote, folder = (tmp_path / name for name in ("work", "remote.git", "action"))
    for name in IN_THE_REPOSITORY:
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, work / name)
    version = str(of_project((ROOT / "pyproject.toml").read_text(encoding="utf-8")))
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "All"]):
        git(work, *arguments)
    git(tmp_path, "clone", "-q", "--bare", str(work), str(remote))
    git(work, "remote", "add", "origin", str(remote))
    with registry.running(tmp_path) as address:
        name = registry.pushed(image, address)
        asked = ["tags", f"v{version}", "--source", git(work, "rev-parse", "HEAD"), "--image", name]
        with contextlib.chdir(work), contextlib.redirect_stdout(io.StringIO()):
            assert release.main(asked) == 0
        major = version.split(".")[0]
        git(tmp_path, "clone", "-q", "--depth=1", "--branch", f"v{major}", remote.as_uri(), str(folder))
        yield ReleasedAction(folder=folder, image=name)
    docker_engine.images.remove(name)


def test_a_released_action_is_pulled_by_its_digest_and_needs_no_network_until_the_project_runs(
    released: ReleasedAction, image: str, docker_engine: docker.DockerClient, tmp_path: Path
) -> None:
    runs = YAML(typ="safe").load((released.folder / "action.yml").read_text(encoding="utf-8"))["runs"]
    assert runs == {"using": "docker", "image": f"docker://{released.image}"}
    # What would be built instead is not there to be built from: the runner downloads the whole repository.
    (released.folder / "Dockerfile").unlink()
    pulled = prepare(released.folder, tag="not-built")
    assert docker_engine.images.get(pulled).id == docker_engine.images.get(image).id

    workspace = tmp_path / "runner" / "shop" / "shop"
    workspace.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", workspace], check=True)
    with contextlib.redirect_stdout(io.StringIO()):
        assert release.main(["example", str(workspace / "example-repository")]) == 0
    runner = Runner(tmp_path / "runner", released.folder, pulled)
    # As .github/workflows/example.yml does, and with what it asserts.
    inputs = {"working-directory": "example-repository", "fail-on": "never", "comment": "never"}
    inputs["options"] = "base=HEAD~1\nstatuses=false"
    result = runner.run(with_our_packages(workspace=workspace, inputs=inputs, network="none"))
    assert (result.succeeded, result.outputs["verdict"], result.outputs["errors"]) == (True, "failed", "1"), result.log
