"""The commands of a release that need no tags: the version, the updates, the example, the token."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from release.__main__ import main
from release.tags import WITH_TOKEN
from tests.projects.builder import git

OFFERED = """\
Inst base-files [13.8+deb13u1] (13.8+deb13u2 Debian:13.2/stable [amd64])
Inst libssl3t64 [3.5.1-1] (3.5.1-1+deb13u1 Debian-Security:13/stable-security [amd64])
"""


def test_the_version_of_the_tag_is_written_into_the_project(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text('[project]\nname = "alembic-checks"\nversion = "1.3.0"\n')
    with contextlib.chdir(tmp_path):
        assert main(["number", "v1.3.1"]) == 0
    assert project.read_text() == '[project]\nname = "alembic-checks"\nversion = "1.3.1"\n'


@pytest.mark.parametrize(("offered", "needed"), [(OFFERED, "true"), (OFFERED.splitlines()[0], "false"), ("", "false")])
def test_only_urgent_updates_need_a_rebuild_and_all_are_listed(
    offered: str, needed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(offered))
    assert main(["updates"]) == 0
    first, rest = capsys.readouterr().out.split("\n", 1)
    assert first == f"needed={needed}"
    assert rest.count(" → ") == offered.count("Inst ")
    if offered == OFFERED:
        name, *packages, end = rest.splitlines()
        assert name == f"packages<<{end}"
        assert packages == ["- base-files: 13.8+deb13u1 → 13.8+deb13u2", "- libssl3t64: 3.5.1-1 → 3.5.1-1+deb13u1"]


def test_the_example_is_a_repository_whose_last_commit_adds_the_newest_revisions(tmp_path: Path) -> None:
    assert main(["example", str(tmp_path / "shop")]) == 0
    assert git(tmp_path / "shop", "diff", "--name-status", "HEAD~1").splitlines() == [
        "A\tmigrations/versions/2026_01_14_1f9c73a0be52_add_newsletter_to_customer.py",
        "A\tmigrations/versions/2026_01_15_a85d2e46f3c9_add_gift_message_to_order.py",
    ]
    assert git(tmp_path / "shop", "status", "--porcelain") == ""


def test_git_gets_the_token_from_the_environment() -> None:
    done = subprocess.run(
        ["git", "credential", "fill"],
        input="protocol=https\nhost=github.com\n\n",
        env={**os.environ, **WITH_TOKEN, "GITHUB_TOKEN": "ghs_a"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[2:] == ["username=x-access-token", "password=ghs_a"]
