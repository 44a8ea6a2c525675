"""Standard streams: texts degrade, and what is written waits, for a reader that reads."""

from __future__ import annotations

import os
import threading

import pytest

from action.streams import DEGRADED, Descriptor, write_all


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("ascii", b"---- OK ... \\xe9 \\u4e2d \\udc80"),
        ("latin-1", b"---- OK ... \xe9 \\u4e2d \\udc80"),
        ("cp1252", b"---- OK \x85 \xe9 \\u4e2d \\udc80"),
        ("utf-8", "──── ✅ … é 中 \\udc80".encode()),
    ],
)
def test_what_an_encoding_lacks_degrades(encoding: str, expected: bytes) -> None:
    assert "──── ✅ … é 中 \udc80".encode(encoding, DEGRADED) == expected


def test_all_is_written_where_a_pipe_does_not_wait() -> None:
    read, write = os.pipe()
    os.set_blocking(write, False)
    data = b"x" * 1_000_000
    writer = threading.Thread(target=lambda: Descriptor(write).write(data))
    writer.start()
    got = b""
    while len(got) < len(data):
        got += os.read(read, 1 << 16)
    writer.join()
    os.close(read)
    assert got == data


def test_a_reader_that_does_not_read_is_not_waited_for() -> None:
    read, write = os.pipe()
    os.set_blocking(write, False)
    with pytest.raises(TimeoutError, match="Its reader has stopped reading"):
        write_all(write, b"x" * 1_000_000, patience=0.01)
    os.close(read)
    os.close(write)
