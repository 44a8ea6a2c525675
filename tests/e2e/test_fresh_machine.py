"""The README's first command on a machine that has nothing but Python, make and git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import docker

REPOSITORY = Path(__file__).parents[2]
IMAGE = "debian:trixie-slim"
SCRIPT = """
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends python3 python3-venv make git >/dev/null 2>&1
git config --global --add safe.directory '*'
git clone -q /src /work
cd /work
make demo 2>&1
git status --porcelain
"""


def clone_of_the_working_tree(folder: Path) -> Path:
    """Make a repository of what a commit of everything would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=REPOSITORY, capture_output=True, check=True
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (REPOSITORY / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((REPOSITORY / name).read_bytes())
            (folder / name).chmod((REPOSITORY / name).stat().st_mode)
    author = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    for command in (["init", "-q"], ["add", "-A"], [*author, "commit", "-q", "-m", "All"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def test_make_demo_shows_the_report_and_leaves_the_checkout_clean(
    docker_engine: docker.DockerClient, tmp_path: Path
) -> None:
    source = clone_of_the_working_tree(tmp_path)
    output = docker_engine.containers.run(
        IMAGE,
        ["sh", "-ec", SCRIPT],
        network_mode="host",
        volumes={str(source): {"bind": "/src", "mode": "ro"}},
        init=True,
        remove=True,
    ).decode()
    report = [line.rstrip() for line in output.splitlines() if line.strip()]
    assert "examples/bookstore/alembic.ini: 6 revisions, no base to compare with" in report
    assert [line for line in report if line.startswith("error")] == [
        "error  multiple-heads",
        "error  missing-migration",
    ]
    assert "PostgreSQL 18.6, Python 3.13" in output
    assert report[-1] == "FAILED  Migrations: do not merge yet (2 errors)"  # and nothing new in the checkout after it
