"""Lines over a pipe whose other end may do anything."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from action.session.conversation import Malformed
from action.session.pipe import MOST_BYTES, MOST_LINES, Closed, Heard, Late, Pipe, TooMuch


@dataclass(frozen=True, slots=True)
class Ends:
    """Our ends, and the two of the other side."""

    ours: Pipe
    reads: int
    writes: int


@pytest.fixture
def ends() -> Iterator[Ends]:
    to_probe, requests = os.pipe()
    events, from_probe = os.pipe()
    made = Ends(Pipe(events, requests), to_probe, from_probe)
    yield made
    made.ours.close()
    os.close(to_probe)
    os.close(from_probe)


def soon() -> float:
    return time.monotonic() + 0.05


def later() -> float:
    return time.monotonic() + 60


def test_lines_come_one_by_one_however_they_were_written(ends: Ends) -> None:
    for part in (b"o", b"ne\ntwo\n\nth", b"ree\n"):
        os.write(ends.writes, part)
    assert [ends.ours.line(later()) for _ in range(4)] == [b"one", b"two", b"", b"three"]


def test_a_line_without_an_end_is_waited_for_until_the_deadline(ends: Ends) -> None:
    os.write(ends.writes, b"never")
    with pytest.raises(Late):
        ends.ours.line(soon())


def test_one_that_talks_on_is_late_as_well(ends: Ends) -> None:
    os.write(ends.writes, b"more")
    with pytest.raises(Late):
        ends.ours.line(time.monotonic())


def test_a_reader_that_does_not_read_is_waited_for_until_the_deadline(ends: Ends) -> None:
    with pytest.raises(Late):
        ends.ours.send(b"x" * (1 << 20), soon())


def test_the_other_end_may_be_closed() -> None:
    events, from_probe = os.pipe()
    to_probe, requests = os.pipe()
    os.close(from_probe)
    os.close(to_probe)
    ours = Pipe(events, requests)
    with pytest.raises(Closed):
        ours.line(later())
    with pytest.raises(BrokenPipeError):
        ours.send(b"x", later())
    ours.close()


@pytest.mark.parametrize(
    ("text", "limits"),
    [(b"y" * 2000, {"line": 1000}), ((b"y" * 99 + b"\n") * 20 + b"y", {"total": 1000})],
    ids=["in one line", "altogether"],
)
def test_too_much_is_not_read(text: bytes, limits: dict[str, int]) -> None:
    events, from_probe = os.pipe()
    to_probe, requests = os.pipe()
    ours = Pipe(events, requests, line_limit=limits.get("line", 10_000), total_limit=limits.get("total", 10_000))
    os.write(from_probe, text)
    assert [ours.line(later()) for _ in range(text.count(b"\n"))] == [b"y" * 99] * text.count(b"\n")
    with pytest.raises(Malformed):
        ours.line(later())
    ours.close()
    os.close(to_probe)
    os.close(from_probe)


def test_what_has_come_already_is_late_as_well(ends: Ends) -> None:
    """A line may be worth seconds of our work."""
    os.write(ends.writes, b"one\ntwo\n")
    assert ends.ours.line(later()) == b"one"
    with pytest.raises(Late):
        ends.ours.line(time.monotonic())


def test_a_run_counts_what_all_of_its_processes_say() -> None:
    heard = Heard(lines=MOST_LINES - 2)
    heard.add(10)
    heard.add(10)
    with pytest.raises(TooMuch, match=r"^2000000 events or 1024 MB$"):
        heard.add(10)
    with pytest.raises(TooMuch):
        Heard(size=MOST_BYTES).add(1)
