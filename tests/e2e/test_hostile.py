"""A hostile pull request in the image, on a runner: what its code reaches of the job, and what it leaves."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.e2e.ours import with_our_packages
from tests.e2e.runner import OWNER, Job, Runner
from tests.projects import builder, hostile
from tests.projects.builder import BOOK, EnvPy, tree

PROGRAM = ["/bin/sh", "-c", "sleep 60 & exec /opt/alembic-checks/venv/bin/python attempts.py"]
NEEDS_TINY = tree(BOOK, env=EnvPy(top="import tiny").text)


def checked_out(workspace: Path, files: dict[str, str]) -> Path:
    """Commit the files and leave the job's token where actions/checkout does, in both of its ways."""
    builder.commit(workspace, files)
    builder.git(workspace, "config", "http.extraheader", f"AUTHORIZATION: basic {hostile.MARKER}")
    temporary = workspace.parents[1] / "_temp"
    temporary.mkdir(parents=True, exist_ok=True)
    (temporary / "git-credentials-1.config").write_text(hostile.MARKER)
    return workspace


def wheel(folder: Path) -> None:
    """Write the wheel of a package that holds one constant."""
    about = "tiny-1.0.dist-info"
    files = {
        "tiny.py": "ONE = 1\n",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in (*files, f"{about}/RECORD"))
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as made:
        for name, text in {**files, f"{about}/RECORD": record}.items():
            made.writestr(name, text)


def test_every_attempt_would_succeed_as_root_with_the_jobs_environment(image: str, workspace: Path) -> None:
    checked_out(workspace, hostile.project(hostile.Targets()))
    commands = workspace.parents[1] / "_temp" / "_runner_file_commands"
    commands.mkdir()
    (commands / "set_env_1").touch()
    mounts = {"/var/run/docker.sock": "/var/run/docker.sock", workspace: "/github/workspace"}
    mounts |= {commands: "/github/file_commands", commands.parent: "/github/runner_temp"}
    volumes = [word for outside, inside in mounts.items() for word in ("-v", f"{outside}:{inside}")]
    done = subprocess.run(
        ["docker", "run", "--rm", *volumes, "--workdir", "/github/workspace", "--entrypoint", PROGRAM[0],
         "-e", f"INPUT_TOKEN={hostile.MARKER}", image, *PROGRAM[1:]],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [attempt for attempt, gained in hostile.managed(done.stdout).items() if not gained] == []


def test_nothing_is_managed_in_the_action(runner: Runner, workspace: Path) -> None:
    checked_out(workspace, hostile.project(hostile.Targets()))
    names = sorted(path.name for path in workspace.rglob("*") if ".git" not in path.parts)
    secrets = {"ANOTHER_NAME": hostile.MARKER, "ACTIONS_RUNTIME_TOKEN": hostile.MARKER}
    job = with_our_packages(workspace=workspace, inputs={"options": "verbose=true"}, env=secrets, token=hostile.MARKER)
    result = runner.run(job)
    assert (result.exit_code, result.outputs["verdict"]) == (0, "passed"), result.log
    assert {name: gained for name, gained in hostile.managed(result.log).items() if gained} == {}
    said = [line for line in result.log.splitlines() if not line.startswith("::add-mask::")]
    assert [line for line in said if hostile.MARKER in line] == []
    planted = [found for found in (*result.annotations, *result.commands) if "planted" in str(found)]
    assert (planted, result.env_set, result.path_added) == ([], {}, ())
    left = [path for path in (workspace, *workspace.rglob("*")) if path.lstat().st_uid != OWNER]
    assert left == []
    reports = (workspace / result.outputs["report"]).parent
    made = [path for path in workspace.rglob("*") if ".git" not in path.parts and reports not in (path, *path.parents)]
    assert sorted(path.name for path in made) == names


def test_git_is_not_configured_by_the_checkout(runner: Runner, workspace: Path) -> None:
    planted = "[trace2]\n\tnormalTarget = /github/workspace/planted\n"
    builder.commit(workspace, {**tree(BOOK), "settings/git/config": planted})
    job = with_our_packages(workspace=workspace, env={"XDG_CONFIG_HOME": f"{workspace}/settings"})
    result = runner.run(job)
    assert (result.exit_code, (workspace / "planted").exists()) == (0, False), result.log


@pytest.mark.parametrize("command", ["pip install", "uv pip install"])
def test_what_install_installs_is_there(command: str, runner: Runner, workspace: Path) -> None:
    builder.commit(workspace, NEEDS_TINY)
    wheel(workspace)
    install = f"{command} --quiet alembic psycopg2-binary ./*.whl"
    result = runner.run(Job(workspace=workspace, inputs={"install": install}, reach_host=True))
    assert (result.exit_code, result.outputs["verdict"]) == (0, "passed"), result.log


def test_without_declared_dependencies_our_own_packages_are_not_used(runner: Runner, workspace: Path) -> None:
    builder.commit(workspace, NEEDS_TINY)
    result = runner.run(Job(workspace=workspace))
    assert result.exit_code == 5, result.log
    remedy = "Add a requirements.txt with Alembic and the database driver, or set `install` to the command that"
    assert remedy in " ".join(result.log.split()), result.log


def test_an_environment_without_its_interpreter_lends_its_packages(runner: Runner, workspace: Path) -> None:
    builder.commit(workspace, NEEDS_TINY)
    packages = workspace / ".venv" / "lib" / "python3.13" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "tiny.py").write_text("ONE = 1\n")
    # Ours stand in for the other packages that a real environment of the project's holds.
    (packages / "ours.pth").write_text("/opt/alembic-checks/venv/lib/python3.13/site-packages\n")
    (workspace / ".venv" / "pyvenv.cfg").touch()
    (workspace / ".venv" / "bin").mkdir()
    (workspace / ".venv" / "bin" / "python").symlink_to("/opt/hostedtoolcache/Python/3.13.1/x64/bin/python")
    result = runner.run(Job(workspace=workspace))
    assert result.exit_code == 0, result.log
