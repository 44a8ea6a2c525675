"""One probe process: started in the project's interpreter, spoken to in JSON lines, never left running."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from subprocess import TimeoutExpired
from typing import IO

from action.probe.protocol.requests import Request, encode
from action.session.conversation import Conversation, Malformed
from action.session.events import Event, LegStarted
from action.session.not_started import not_started
from action.session.pipe import Closed, Late, Pipe, TooMuch
from action.session.running import ProjectRun
from action.session.trace import TreeTrace

PROBE = Path(__file__).resolve().parent.parent / "probe" / "__main__.py"
OUTPUT_TAIL = 20_000  # bytes of the project's own output that are kept for the report


class ProbeGone(Exception):
    """The probe can answer no more; ``str(error)`` says how it went, as in "The project's process …"."""


class ProbeTimeout(Exception):
    """The probe did not answer in time."""


class ProbeProcess:
    """The probe, running; a context manager that ends it."""

    def __init__(self, run: ProjectRun, cwd: Path, environ: Mapping[str, str], trace: TreeTrace | None = None) -> None:
        self._user, self._trace, self._live = run.user, trace, run.live
        self._conversation: Conversation  # about the request under way: there is none before the first
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        try:
            to_probe, requests = os.pipe()
            events, from_probe = os.pipe()
            self._pipe = Pipe(events, requests, heard=run.heard)
        except OSError:
            self._output.close()
            raise
        try:
            command = [run.python, str(PROBE), str(to_probe), str(from_probe), *(["launch"] if run.way.command else [])]
            self._process = run.user.start(
                command, cwd=cwd, environ=environ, output=self._output, pass_fds=(to_probe, from_probe)
            )
        except OSError as error:
            self._close()
            raise not_started(run, cwd, error) from error
        except BaseException:
            self._close()
            raise
        finally:
            os.close(to_probe)
            os.close(from_probe)
        self._leg: int | None = None

    def ask(self, request: Request, timeout: float) -> Iterator[Event]:
        """Send a request at once, and yield the events that answer it up to its last, that one included.

        Raises:
            ProbeGone: the process ended first, or something else than the probe wrote on its pipe.
            ProbeTimeout: ``timeout`` seconds passed first.
        """
        deadline = time.monotonic() + timeout
        self._pipe.begin()
        self._conversation = Conversation(request)
        if self._trace is not None:
            self._trace.request(request)
        with contextlib.suppress(BrokenPipeError):  # a probe that has gone is noticed by what it does not answer
            try:
                self._pipe.send(encode(request).encode() + b"\n", deadline)
            except Late:
                raise ProbeTimeout from None
        return self._answers(request.until, deadline)

    def wait_for_end(self, request: Request, timeout: float) -> bool:
        """Pass over what still comes, up to the request's last event; False when it does not come in time."""
        with contextlib.suppress(ProbeTimeout, ProbeGone):
            for _ in self._answers(request.until, time.monotonic() + timeout):
                pass
            return True
        return False

    def _answers(self, until: str, deadline: float) -> Iterator[Event]:
        while True:
            try:
                event = self._conversation.take(self._traced(self._pipe.line(deadline)))
            except Late:
                raise ProbeTimeout from None
            except Closed:
                raise ProbeGone(self._exit_status(deadline)) from None
            except TooMuch as error:
                raise ProbeGone(f"reported more than alembic-checks keeps in memory: {error}") from None
            except Malformed:
                raise ProbeGone("wrote on a pipe that is private to alembic-checks") from None
            if isinstance(event, LegStarted):
                self._leg = event.pid
            if event.event == until:
                self._leg = None
                yield event
                return
            yield event

    def _traced(self, line: bytes) -> bytes:
        if self._trace is not None:
            self._trace.event(line)
        return line

    @property
    def is_answered(self) -> bool:
        """Tell whether the request under way has got what it asked for, or what comes in its place."""
        return self._conversation.is_answered

    @property
    def is_stopped(self) -> bool:
        """Tell whether the process has ended itself as the request under way asks."""
        return self._conversation.is_stopped

    def watch(self, gives_up: Callable[[int | None], bool] | None) -> None:
        """Ask while nothing comes whether to wait no longer, with the processor time that was used, in ticks."""
        self._pipe.gives_up = None if gives_up is None else lambda: gives_up(self._used())

    def _used(self) -> int | None:
        """Return the processor time of the leg's process, or of the probe's where it does not fork; None if unknown."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            stat = Path(f"/proc/{self._leg or self._process.pid}/stat").read_text(encoding="utf-8")
            user, system = stat.rpartition(")")[2].split()[11:13]
            return int(user) + int(system)
        return None

    def end_leg(self) -> bool:
        """Kill the forked leg that hangs, with all that it started; False when there is none."""
        if self._leg is None or not self._is_leg(self._leg):
            return False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._leg, signal.SIGKILL)
        return True

    def _is_leg(self, pid: int) -> bool:
        """Tell whether a number that came over the pipe is that of a group in the probe's own session."""
        try:
            return os.getsid(pid) == self._process.pid and os.getpgid(pid) == pid
        except ProcessLookupError:
            return False

    def output(self) -> str:
        """Return the end of what the project printed."""
        # Not by seeking: the project's process writes at the same position of the same open file.
        file = self._output.fileno()
        return os.pread(file, OUTPUT_TAIL, max(0, os.fstat(file).st_size - OUTPUT_TAIL)).decode("utf-8", "replace")

    def _exit_status(self, deadline: float) -> str:
        """Return how the process ended, in words; one that only closed its pipe is waited for, not for ever."""
        try:
            return exit_in_words(self._process.wait(max(0.0, deadline - time.monotonic())))
        except TimeoutExpired:
            raise ProbeTimeout from None

    def cut(self) -> None:
        """End the leg under way, or the process where it does not fork."""
        if not self.end_leg():
            self.interrupt()

    def interrupt(self) -> None:
        """End the process and its leg; who waits for them sees that, and closes the pipes."""
        self.end_leg()
        self._user.end_group(self._process)

    def __enter__(self) -> ProbeProcess:
        self._live.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._live.remove(self)
        self.end_leg()
        self._user.end_group(self._process)
        self._close()

    def _close(self) -> None:
        self._pipe.close()
        self._output.close()


def exit_in_words(code: int) -> str:
    """Say how a process ended; a negative code is that of a signal, as subprocess has it."""
    if code >= 0:
        return f"exited with code {code}"
    known = {int(number): number.name for number in signal.Signals}
    return f"was ended by {known.get(-code, f'signal {-code}')}"


def wait_status_in_words(status: int) -> str:
    """Say how a process ended, from its status of waitpid(), which only hostile code makes one that cannot be."""
    try:
        return exit_in_words(os.waitstatus_to_exitcode(status))
    except ValueError:
        return f"ended with the status {status}"
