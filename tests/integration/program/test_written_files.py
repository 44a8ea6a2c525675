"""Files that settings name: whole or not at all, with owner and mode, and through no link of the checkout."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.integration.program.conftest import command, environ
from tests.integration.program.saved_runs import device, judged, names, root_only
from tests.projects.builder import BOOK, tree, write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    made.mkdir()
    return made


def test_a_link_of_the_checkout_is_replaced_and_one_of_the_user_followed(
    recording: Path, project: Path, tmp_path: Path
) -> None:
    target, theirs = tmp_path / "target", tmp_path / "theirs"
    target.write_text("old")
    theirs.write_text("theirs")
    (tmp_path / "link").symlink_to(target)
    (project / "link").symlink_to(theirs)
    ran = judged(recording, project, "--json", tmp_path / "link", "--markdown", "link")
    assert (ran.returncode, ran.stderr) == (1, "")
    assert (theirs.read_text(), (project / "link").is_symlink()) == ("theirs", False)
    assert (json.loads(target.read_text())["verdict"], (tmp_path / "link").is_symlink()) == ("failed", True)


def test_a_link_of_the_checkout_to_a_device_is_replaced(recording: Path, project: Path) -> None:
    (project / "link").symlink_to("/dev/null")
    ran = judged(recording, project, "--json", "link")
    assert (ran.returncode, ran.stderr) == (1, "")
    assert json.loads((project / "link").read_text())["verdict"] == "failed"


@root_only
def test_a_file_keeps_its_owner_and_mode_and_its_other_names_their_content(recording: Path, project: Path) -> None:
    file, other = project / "report.json", project / "other"
    file.write_text("old")
    other.hardlink_to(file)
    file.chmod(0o640)
    os.chown(file, 1234, 1235)
    assert judged(recording, project, "--json", file).returncode == 1
    found = file.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (1234, 1235, 0o640)
    assert (other.read_text(), names(project)) == ("old", ["other", "report.json"])


def test_an_old_file_stays_whole_where_the_new_one_does_not_fit(recording: Path, project: Path) -> None:
    """A limit on the size of files is met half-way."""
    (project / "report.json").write_text("old")
    shell = 'ulimit -f 1; "$@"'
    ran = judged(recording, project, "--json", "report.json", "--junit", "-", shell=shell)
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[-2:] == [
        f"The report cannot be written to {project}/report.json: File too large.",
        "Set another path.",
    ]
    assert ran.stdout.startswith("<?xml")
    assert {file.name: file.read_text() for file in project.iterdir()} == {"report.json": "old"}


@root_only
def test_a_trace_that_can_be_written_no_further_ends_alone(tmp_path: Path) -> None:
    full = device(tmp_path, "full", 7)
    project = write(tmp_path / "project", tree(BOOK))
    ran = subprocess.run(
        command(project, "--trace", full, "--json", "-"),
        env=environ({}),
        cwd=project,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ran.returncode, json.loads(ran.stdout)["verdict"]) == (2, "passed")
    assert ran.stderr.splitlines()[-2:] == [
        f"The report cannot be written to {full}: No space left on device.",
        "Set another path.",
    ]
