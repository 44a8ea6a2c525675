"""The program at a real terminal: one line while it works, and nothing of it beside the verdict."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.integration.program.conftest import command, environ
from tests.projects.builder import BOOK, Revision, tree, write

_SEQUENCE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])")
_SLOW = Revision(id="a1", upgrade="import time; time.sleep(60)")


def on_screen(printed: str) -> tuple[list[str], bool]:
    """Return what a terminal shows of a text, and whether it shows the cursor; raise for a sequence that is new."""
    lines, row, column, cursor = [""], 0, 0, True
    at = 0
    while at < len(printed):
        match = _SEQUENCE.match(printed, at)
        if match is None:
            char, at = printed[at], at + 1
            if char == "\n":
                row += 1
                lines += [""] * (row + 1 - len(lines))
            elif char == "\r":
                column = 0
            else:
                lines[row] = lines[row].ljust(column)[:column] + char + lines[row][column + 1 :]
                column += 1
            continue
        at = match.end()
        match match.groups():
            case (_, "m"):
                pass
            case ("2", "K"):
                lines[row] = ""
            case ("1", "A"):
                row -= 1
            case ("?25", ("h" | "l") as way):
                cursor = way == "h"
            case other:
                raise AssertionError(other)
    return [line.rstrip() for line in lines], cursor


def at_terminal(
    *arguments: str | Path,
    more: Mapping[str, str] | None = None,
    columns: int = 80,
    during: Callable[[str, int], bool] = lambda text, end: False,
) -> tuple[int, str]:
    """Run at a terminal of its own; return the exit code and all that was printed.

    ``during`` sees each new text, and our end of the terminal, until it returns True.
    """
    ours, theirs = pty.openpty()
    resize(ours, columns)

    def controlled() -> None:
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        command(*arguments, "--python", sys.executable),
        env=environ({"TERM": "xterm", **(more or {})}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=controlled,
    )
    os.close(theirs)
    printed, is_done = b"", False
    with contextlib.closing(os.fdopen(ours, "rb", buffering=0)) as terminal:
        while chunk := read(terminal.fileno()):
            printed += chunk
            is_done = is_done or during(printed.decode("utf-8", "replace"), terminal.fileno())
    return process.wait(60), printed.decode((more or {}).get("PYTHONIOENCODING", "utf-8"))


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError as error:
        if error.errno == errno.EIO:  # the other end is closed
            return b""
        raise


def resize(terminal: int, columns: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


@pytest.mark.parametrize(
    ("more", "signs"), [({}, "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"), ({"PYTHONIOENCODING": "ascii"}, "-\\|/")], ids=["utf-8", "ascii"]
)
def test_one_line_is_redrawn_and_gone_before_the_verdict(tmp_path: Path, more: dict[str, str], signs: str) -> None:
    code, printed = at_terminal(write(tmp_path, tree(BOOK)), columns=60, more=more)
    assert code == 0, printed
    lines, cursor = on_screen(printed)
    assert (lines[0], cursor) == ("PASSED  Migrations: no problems found", True)
    assert "s]" not in "\n".join(lines), "no times"
    drawn = [
        line for line in re.split(r"[\r\n]+", _SEQUENCE.sub("", printed)) if line[:1] in set(signs) and line[1:2] == " "
    ]
    assert any("applying the revisions" in line or "importing the project" in line for line in drawn)
    assert max(map(len, drawn)) < 60


def test_with_verbose_the_times_stay(tmp_path: Path) -> None:
    _, printed = at_terminal(write(tmp_path, tree(BOOK)), "-v")
    lines, _ = on_screen(printed)
    assert any(re.fullmatch(r"\[ *[\d.]+s\] applying the revisions: [\d.]+ s", line) for line in lines)


def test_a_dumb_terminal_gets_a_line_for_each_phase(tmp_path: Path) -> None:
    _, printed = at_terminal(write(tmp_path, tree(BOOK)), more={"TERM": "dumb"})
    assert "\x1b" not in printed
    lines = [re.sub(r"^\[ *[\d.]+s\] ", "", line) for line in printed.replace("\r", "").split("\n")]
    assert lines[lines.index("starting PostgreSQL") + 2 :][:3] == [
        "importing the project",
        "applying the revisions",
        "comparing the models",
    ]


def test_ctrl_c_removes_the_line_also_after_a_resize(tmp_path: Path) -> None:
    def interrupted(printed: str, terminal: int) -> bool:
        if "applying the revisions" not in printed:
            return False
        resize(terminal, 30)
        os.write(terminal, b"\x03")
        return True

    code, printed = at_terminal(write(tmp_path, tree(_SLOW)), columns=100, during=interrupted)
    lines, cursor = on_screen(printed)
    assert (code, cursor) == (130, True)
    assert [line for line in lines if line] == ["Stopped by a signal. Every server and process of this run has ended."]
