"""What a setting names that is no file: which descriptor a path stands for, and when two paths are one place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from action.repository.outlets import descriptor_of, identity
from action.repository.writing import append_text, opened_text, write_text


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("/dev/stdout", 1),
        ("/dev/stderr", 2),
        ("/dev/fd/63", 63),
        ("/proc/self/fd/1", 1),
        pytest.param(f"/proc/{os.getpid()}/fd/1", 1, id="ours by its number"),
        ("/proc/1000000000/fd/1", None),
        ("/dev/fd/", None),
        ("/dev/fd/1/x", None),
        ("/dev/null", None),
        ("/home/dev/fd/1", None),
    ],
)
def test_a_path_that_stands_for_a_descriptor(path: str, number: int | None) -> None:
    assert descriptor_of(Path(path)) == number


def test_two_paths_to_one_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(".")
    assert identity(tmp_path / "link" / "a") == identity(tmp_path / "a") != identity(tmp_path / "b")


def test_an_open_descriptor_is_written_to_and_stays_open(tmp_path: Path) -> None:
    read, write = os.pipe()
    write_text("é", tmp_path, Path(f"/dev/fd/{write}"))
    os.write(write, b"!")
    assert os.read(read, 10) == "é!".encode()
    os.close(read)
    os.close(write)


def test_a_text_that_is_read_while_it_is_written(tmp_path: Path) -> None:
    """The old file keeps its content, by whichever name it is left."""
    (tmp_path / "trace").write_text("old")
    (tmp_path / "other").hardlink_to(tmp_path / "trace")
    stream = opened_text(tmp_path, tmp_path / "trace")
    stream.write("a\n")
    stream.flush()
    assert ((tmp_path / "trace").read_text(), (tmp_path / "other").read_text()) == ("a\n", "old")
    stream.close()


def test_a_file_of_the_runner_is_appended_to(tmp_path: Path) -> None:
    append_text("a\n", tmp_path / "new")
    append_text("é\udc80\n", tmp_path / "new")
    assert (tmp_path / "new").read_text(encoding="utf-8") == "a\né?\n"
    with pytest.raises(IsADirectoryError):
        append_text("a", tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_file_in_a_folder_that_is_closed(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a longer text")
    tmp_path.chmod(0o555)
    write_text("new", tmp_path, tmp_path / "report")
    assert (tmp_path / "report").read_text() == "new"
