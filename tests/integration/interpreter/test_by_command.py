"""The install command: what it runs as, where it installs, and what is said when it fails."""

from __future__ import annotations

import subprocess
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from action.errors import ExitCode, ProjectCodeError
from action.interpreter.by_command import run_install_command
from action.interpreter.host import Host
from action.interpreter.installer import Installer
from action.sandbox.project_user import ProjectUser

METADATA = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def tiny(folder: Path) -> None:
    """Write the wheel of a package that holds one constant."""
    files = {"tiny.py": "ONE = 1\n", "tiny-1.0.dist-info/METADATA": METADATA, "tiny-1.0.dist-info/WHEEL": WHEEL}
    record = "".join(f"{name},,\n" for name in (*files, "tiny-1.0.dist-info/RECORD"))
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        for name, text in {**files, "tiny-1.0.dist-info/RECORD": record}.items():
            wheel.writestr(name, text)


def imported(python: str) -> str:
    done = subprocess.run([python, "-c", "import tiny; print(tiny.ONE)"], cwd="/", capture_output=True, text=True)
    return done.stdout


def test_what_it_installs_can_be_imported_for_this_run(tmp_path: Path) -> None:
    tiny(tmp_path)
    with ExitStack() as cleanup:
        python = run_install_command("pip install --quiet --no-index *.whl", tmp_path, Installer(), cleanup)
        assert imported(python) == "1\n"
    assert not Path(python).exists()
    assert [path.name for path in tmp_path.iterdir()] == ["tiny-1.0-py3-none-any.whl"]


def test_it_runs_as_the_projects_user_with_its_variables(
    shared: Path, stranger: ProjectUser, reachable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny(shared)
    monkeypatch.setenv("INPUT_GITHUB-TOKEN", "hush")
    report = (
        "{ id -u; umask; echo $HOME; echo $VIRTUAL_ENV; echo $EXTRA; command -v pip; env | grep -c hush; } > ~/seen"
    )
    with ExitStack() as cleanup:
        command = f"pip install --quiet --no-index *.whl; {report} || true"
        installer = Installer(host=Host(user=stranger, own=reachable), env={"EXTRA": "1"})
        python = run_install_command(command, shared, installer, cleanup)
        assert imported(python) == "1\n"
        made = str(Path(python).parents[1])
    seen = (shared / "home" / "seen").read_text().splitlines()
    assert seen == [str(stranger.uid), "0022", str(stranger.home), made, "1", f"{made}/bin/pip", "0"]


def test_a_failure_has_the_end_of_its_output(tmp_path: Path) -> None:
    with ExitStack() as cleanup, pytest.raises(ProjectCodeError) as raised:
        run_install_command("echo one; echo two >&2; exit 3", tmp_path, Installer(), cleanup)
    assert raised.value.exit_code is ExitCode.PROJECT_CODE
    assert (raised.value.what, raised.value.remedy, raised.value.details) == (
        "The install command exited with code 3: echo one; echo two >&2; exit 3",
        "Run the same command in a new virtual environment to see the error. The log has its last lines.",
        "one\ntwo\n",
    )


def test_one_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    with ExitStack() as cleanup, pytest.raises(ProjectCodeError) as raised:
        run_install_command("sleep 300 & echo $! > pid; wait", tmp_path, Installer(timeout=2), cleanup)
    assert raised.value.what.startswith("The install command did not finish within 2 seconds: ")
    assert raised.value.remedy == "Set `timeout` to a higher number of seconds if the command is only slow."
    state = Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}/stat")
    assert not state.exists() or state.read_text().rpartition(") ")[2][0] == "Z"


def test_one_that_writes_into_the_checkout_gets_a_reason(shared: Path, stranger: ProjectUser, reachable: str) -> None:
    with ExitStack() as cleanup, pytest.raises(ProjectCodeError) as raised:
        run_install_command("mkdir shop.egg-info", shared, Installer(host=Host(user=stranger, own=reachable)), cleanup)
    assert (raised.value.why, raised.value.remedy) == (
        "The installation runs as the user stranger, who may not write to the repository.",
        "Install only the dependencies, not the project itself: its code is imported from the repository. "
        "The log has its last lines.",
    )
