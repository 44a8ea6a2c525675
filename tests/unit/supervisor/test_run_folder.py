"""Folders of a run: made with a lock, deleted whatever a project did to them, swept when their run has ended."""

from __future__ import annotations

import os
import time
from pathlib import Path

from action.supervisor import run_folder

PREFIX = "alembic-checks-test-"


def swept(place: Path) -> list[Path]:
    return list(run_folder.sweep(place, PREFIX, lambda left: True))


def test_a_folder_is_locked_as_long_as_its_run_lives(tmp_path: Path) -> None:
    made = run_folder.make(tmp_path, PREFIX)
    assert (made.path.stat().st_mode & 0o777, swept(tmp_path)) == (0o711, [])
    os.close(made.lock)
    assert swept(tmp_path) == [made.path]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_go_stays(tmp_path: Path) -> None:
    made = run_folder.make(tmp_path, PREFIX)
    os.close(made.lock)
    assert list(run_folder.sweep(tmp_path, PREFIX, lambda left: False)) == []
    assert made.path.is_dir()


def test_a_folder_that_a_run_was_killed_in_making_goes_after_a_while(tmp_path: Path) -> None:
    fresh, old = tmp_path / f".new-{PREFIX}fresh", tmp_path / f".new-{PREFIX}old"
    for folder in (fresh, old):
        folder.mkdir()
    long_ago = time.time() - 3600
    os.utime(old, (long_ago, long_ago))
    assert swept(tmp_path) == [old]
    assert list(tmp_path.iterdir()) == [fresh]


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    target, without_lock, link = tmp_path / "target", tmp_path / f"{PREFIX}1", tmp_path / f"{PREFIX}2"
    for folder in (target, without_lock):
        folder.mkdir()
    (target / "owner.pid").touch()
    link.symlink_to(target)
    waits = tmp_path / f"{PREFIX}3"
    waits.mkdir()
    os.mkfifo(waits / "owner.pid")
    assert swept(tmp_path) == []
    assert sorted(tmp_path.iterdir()) == sorted([target, without_lock, link, waits])


def test_a_folder_goes_with_what_a_project_has_closed_and_no_link_is_followed(tmp_path: Path) -> None:
    outside, inner = tmp_path / "outside", tmp_path / "folder" / "closed" / "inner"
    outside.mkdir()
    (outside / "file").touch()
    inner.mkdir(parents=True)
    (inner / "file").touch()
    (inner / "link").symlink_to(outside)
    inner.chmod(0o000)
    inner.parent.chmod(0o500)
    assert run_folder.delete(tmp_path / "folder")
    assert [path.name for path in tmp_path.rglob("*")] == ["outside", "file"]


def test_the_run_has_one_folder_for_temporary_files(tmp_path: Path) -> None:
    with run_folder.new_folder("one-") as one, run_folder.new_folder("two-") as two:
        assert one.parent == two.parent == run_folder.scratch_folder().resolve()
    assert not one.exists()
    scratch = run_folder.scratch_folder()
    run_folder.remove_scratch()
    assert not scratch.exists()
