"""Files of others are read where they are regular and of a bounded size; anything else has a reason."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from action.repository.regular import NotRegularError, TooLargeError, read_regular, reason, sentence


def test_a_regular_file_and_a_link_to_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"said")
    (tmp_path / "link").symlink_to("file")
    assert (read_regular(tmp_path / "file"), read_regular(tmp_path / "link")) == (b"said", b"said")
    with pytest.raises(OSError, match="Too many levels of symbolic links"):
        read_regular(tmp_path / "link", follow=False)


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    ("make", "kind"),
    [(a_pipe, "a named pipe"), (a_socket, "a socket"), (a_device, "a device"), (Path.mkdir, "a folder")],
)
def test_anything_else_is_refused_at_once(make: object, kind: str, tmp_path: Path) -> None:
    assert callable(make)
    make(tmp_path / "file")
    with pytest.raises(NotRegularError) as raised:
        read_regular(tmp_path / "file")
    assert str(raised.value) == reason(raised.value) == f"it is {kind}, not a regular file"
    assert sentence(raised.value) == f"It is {kind}, not a regular file"


def test_a_file_beyond_the_size(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    os.truncate(tmp_path / "file", 10 << 30)
    with pytest.raises(TooLargeError, match="it is larger than 64 MiB"):
        read_regular(tmp_path / "file")
    (tmp_path / "file").write_bytes(b"four")
    assert read_regular(tmp_path / "file", most=4) == b"four"
    with pytest.raises(TooLargeError):
        read_regular(tmp_path / "file", most=3)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "permission denied"),
        (errno.ENOENT, "no such file or directory"),
        (errno.ELOOP, "the link leads in a circle"),
    ],
)
def test_a_reason_is_a_clause_without_the_path(number: int, words: str) -> None:
    assert reason(OSError(number, os.strerror(number), "/a/b")) == words
