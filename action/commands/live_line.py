"""One line of a terminal that says what is going on: it is redrawn in its place, and removed at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from action.reports.terminal import wants_color
from action.streams import DEGRADED

_DOTS, _PLAIN = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "-\\|/"
_PER_SECOND = 10
_MOST = 79
"""Columns: a terminal of usual width that becomes narrower still has it on one line, and can remove it."""


class LiveLine:
    """Shows the newest text of several threads, with a sign that the program works and how long it has."""

    def __init__(self, stream: TextIO, environ: Mapping[str, str]) -> None:
        """Draw nothing yet."""
        self._console = Console(
            file=stream,
            force_terminal=True,
            no_color=not wants_color(stream, environ),
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        self._signs = _DOTS if self._console.encoding.startswith("utf") else _PLAIN
        self._texts: dict[object, str] = {}
        self._live: Live | None = None
        self._lock = threading.RLock()
        self._began = time.monotonic()

    def show(self, of: object, text: str) -> None:
        """Show a text in place of the last one of the same owner; an empty one takes it away."""
        with self._lock:
            self._texts.pop(of, None)
            if text:
                self._texts[of] = text
                self._start()
            elif not self._texts:
                self.stop()

    def above(self, line: Text) -> None:
        """Print a line that stays, above the live one."""
        self._console.print(line, soft_wrap=True)

    def stop(self) -> None:
        """Remove the line from the terminal."""
        with self._lock:
            live, self._live = self._live, None
        if live is not None:
            live.stop()

    def _start(self) -> None:
        if self._live is None:
            self._live = Live(
                console=self._console,
                get_renderable=self._line,
                transient=True,
                refresh_per_second=_PER_SECOND,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()

    def _line(self) -> Text:
        texts = list(self._texts.values())
        passed = time.monotonic() - self._began
        sign = self._signs[int(passed * _PER_SECOND) % len(self._signs)]
        encoding = self._console.encoding
        shown = f"{sign} {texts[-1] if texts else ''}  {passed:.0f} s"
        line = Text(shown.encode(encoding, DEGRADED).decode(encoding), no_wrap=True)
        line.truncate(max(1, min(self._console.width - 1, _MOST)), overflow="crop")
        return line
