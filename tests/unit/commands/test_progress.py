"""Progress: seconds by phase, and lines that a log can hold."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import time

import pytest

from action.commands.progress import Fold, Progress


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_plain_lines(clock: Clock) -> None:
    stream = io.StringIO()
    progress = Progress(stream, {}, clock=clock)
    with progress.phase("upgrade"):
        for done in range(1, 6):
            clock.now += 0.75
            progress.advance(done, 5, "revisions")
    clock.now += 1
    assert stream.getvalue() == (
        "[  0.0s] upgrade\n"
        "[  2.2s] upgrade: 3 of 5 revisions\n"
        "[  3.8s] upgrade: 5 of 5 revisions\n"
        "[  3.8s] upgrade: 3.8 s\n"
    )
    assert progress.elapsed == 4.75


def test_the_program_s_own_start_counts(clock: Clock) -> None:
    stream = io.StringIO()
    progress = Progress(stream, {}, age=0.5, clock=clock)
    assert (progress.seconds, progress.elapsed) == ({"starting": 0.5}, 0.5)
    assert stream.getvalue() == "[  0.5s] starting: 0.5 s\n"


def test_a_process_knows_when_it_was_made() -> None:
    script = "import time; from action.commands.progress import age_of_this_process as age; print(age())"
    before = time.monotonic()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    # The system counts in hundredths.
    assert 0 < float(done.stdout) <= time.monotonic() - before + 0.02


def test_seconds_by_phase(clock: Clock) -> None:
    progress = Progress(io.StringIO(), {}, clock=clock)
    with progress.phase("rehearsal"):
        for _ in range(2):
            with progress.phase("upgrade"):
                clock.now += 2
        clock.now += 1
    assert progress.seconds == {"upgrade": 4.0, "rehearsal": 5.0}


def test_a_phase_that_breaks_off_is_ended(clock: Clock) -> None:
    progress = Progress(io.StringIO(), {}, clock=clock)

    def break_off() -> None:
        with progress.phase("server"):
            clock.now += 3
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert progress.seconds == {"server": 3.0}


def test_without_times_each_phase_is_a_line_and_a_long_one_says_how_far_it_is(clock: Clock) -> None:
    stream = io.StringIO()
    progress = Progress(stream, {}, times=False, clock=clock)
    with progress.phase("server"):
        clock.now += 3
        progress.say("the report has this")
    with progress.phase("upgrade"):
        for done in range(1, 6):
            clock.now += 4
            progress.advance(done, 5, "revisions")
    assert stream.getvalue() == "[  0.0s] server\n[  3.0s] upgrade\n[ 15.0s] upgrade: 3 of 5 revisions\n"
    assert progress.seconds == {"server": 3.0, "upgrade": 20.0}


def test_in_a_fold_of_the_log(clock: Clock) -> None:
    stream = io.StringIO()
    fold = Fold(open=lambda: print("<", file=stream), close=lambda: print(">", file=stream))
    progress = Progress(stream, {}, group=fold, clock=clock)
    progress.settle()
    for name in ("one", "two"):
        with progress.phase(name):
            pass
        progress.settle()
        progress.settle()
    assert stream.getvalue() == ("<\n[  0.0s] one\n[  0.0s] one: 0.0 s\n>\n<\n[  0.0s] two\n[  0.0s] two: 0.0 s\n>\n")


def test_a_terminal_shows_the_cursor_again() -> None:
    stream = Terminal()
    progress = Progress(stream, {"TERM": "xterm", "NO_COLOR": "1"}, times=False)
    with progress.phase("upgrade \x1b[2J\u202e"):
        progress.advance(1, 2, "revisions")
    text = stream.getvalue()
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1
    assert "\x1b[2J" not in text
    assert "\u202e" not in text
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", text)


def test_a_dumb_terminal_gets_plain_lines(clock: Clock) -> None:
    stream = Terminal()
    with Progress(stream, {"TERM": "dumb"}, clock=clock).phase("server"):
        pass
    assert stream.getvalue() == "[  0.0s] server\n[  0.0s] server: 0.0 s\n"


def test_what_runs_beside_has_lines_of_its_own(clock: Clock) -> None:
    stream = io.StringIO()
    progress = Progress(stream, {}, clock=clock)
    with progress.phase("all"):
        one, other = progress.beside("a.ini"), progress.beside("b.ini")
        with one.phase("upgrade"), other.phase("upgrade"):
            clock.now += 3
            other.advance(1, 9, "revisions")
            one.advance(2, 9, "revisions")
    assert stream.getvalue() == (
        "[  0.0s] all\n"
        "[  0.0s] a.ini: upgrade\n"
        "[  0.0s] b.ini: upgrade\n"
        "[  3.0s] b.ini: upgrade: 1 of 9 revisions\n"
        "[  3.0s] a.ini: upgrade: 2 of 9 revisions\n"
        "[  3.0s] b.ini: upgrade: 3.0 s\n"
        "[  3.0s] a.ini: upgrade: 3.0 s\n"
        "[  3.0s] all: 3.0 s\n"
    )
    assert progress.seconds == {"upgrade": 6.0, "all": 3.0}


def test_a_terminal_has_one_line_for_all() -> None:
    stream = Terminal()
    progress = Progress(stream, {"TERM": "xterm", "NO_COLOR": "1"}, times=False)
    with progress.phase("all"), progress.beside("a.ini").phase("upgrade"), progress.beside("b.ini").phase("upgrade"):
        pass
    with progress.phase("again"):
        pass
    assert stream.getvalue().count("\x1b[?25l") == stream.getvalue().count("\x1b[?25h") == 2
    assert "[" not in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", stream.getvalue()), "no line of times"
