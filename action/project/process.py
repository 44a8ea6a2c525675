"""One probe process: started in the project's interpreter, spoken to in JSON lines, never left running."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

Event = dict[str, Any]
PROBE = Path(__file__).resolve().parent.parent / "probe" / "__main__.py"
OUTPUT_TAIL = 20_000  # bytes of the project's own output that are kept for the report


class ProbeGone(Exception):
    """The probe's process ended in the middle of a request."""


class ProbeTimeout(Exception):
    """The probe did not answer in time."""


class ProbeProcess:
    """The probe, running; a context manager that ends it."""

    def __init__(self, python: str, cwd: Path, environ: Mapping[str, str]) -> None:
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        to_probe, self._requests = os.pipe()
        self._events, from_probe = os.pipe()
        try:
            self._process = subprocess.Popen(
                [python, str(PROBE), str(to_probe), str(from_probe)],
                cwd=cwd,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                pass_fds=(to_probe, from_probe),
                start_new_session=True,  # Ctrl-C reaches us alone; we end the probe
            )
        except BaseException:
            self._close()
            raise
        finally:
            os.close(to_probe)
            os.close(from_probe)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._events, selectors.EVENT_READ)
        self._buffer = b""
        self._leg: int | None = None

    def send(self, **request: Any) -> None:
        """Send one request; a probe that has gone is noticed by ``events``."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._requests, json.dumps(request).encode() + b"\n")

    def events(self, until: str, timeout: float) -> Iterator[Event]:
        """Yield events up to the one named ``until``, that one included.

        Raises:
            ProbeGone: the process ended first.
            ProbeTimeout: ``timeout`` seconds passed first.
        """
        deadline = time.monotonic() + timeout
        while True:
            event = self._next(deadline)
            if event["event"] == "started":
                self._leg = event["pid"]
            yield event
            if event["event"] == until:
                self._leg = None
                return

    def _next(self, deadline: float) -> Event:
        while b"\n" not in self._buffer:
            if not self._selector.select(max(0.0, deadline - time.monotonic())):
                raise ProbeTimeout
            data = os.read(self._events, 1 << 16)
            if not data:
                raise ProbeGone
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\n", 1)
        event: Event = json.loads(line)
        return event

    def end_leg(self) -> bool:
        """Kill the forked leg that hangs, with all that it started; False when there is none."""
        if self._leg is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._leg, signal.SIGKILL)
        return True

    def output(self) -> str:
        """Return the end of what the project printed."""
        size = self._output.seek(0, os.SEEK_END)
        self._output.seek(max(0, size - OUTPUT_TAIL))
        text = self._output.read().decode("utf-8", "replace")
        self._output.seek(0, os.SEEK_END)
        return text

    def exit_status(self) -> str:
        """Return how the process ended, in words, once it has."""
        return exit_in_words(self._process.wait())

    def __enter__(self) -> ProbeProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.end_leg()
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._selector.close()
        self._close()

    def _close(self) -> None:
        os.close(self._requests)
        os.close(self._events)
        self._output.close()


def exit_in_words(code: int) -> str:
    """Say how a process ended; a negative code is that of a signal, as subprocess has it."""
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"exited with code {code}"
