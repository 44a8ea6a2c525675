"""Signals that end a run: the first one stops it, and none of them interrupts the clean-up."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType, TracebackType

STOPPED = 130
"""The exit code of a run that a signal stopped."""
_FAULTS = ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS")
_HARMLESS = ("SIGCHLD", "SIGCONT", "SIGURG", "SIGWINCH", "SIGPWR", "SIGINFO", "SIGPIPE", "SIGXFSZ")
_OF_A_TERMINAL = ("SIGTSTP", "SIGTTIN", "SIGTTOU")
_NOT_CAUGHT = ("SIGKILL", "SIGSTOP")


def stopping() -> list[int]:
    """Return the signals that would end this process, but for those that its caller has it ignore (``nohup``)."""
    others = {getattr(signal, name, None) for name in (*_FAULTS, *_HARMLESS, *_OF_A_TERMINAL, *_NOT_CAUGHT)}
    return [
        number
        for number in signal.valid_signals()
        if number not in others and signal.getsignal(number) not in (signal.SIG_IGN, None)
    ]


class Stop:
    """Whether a signal has asked the run to stop; one for the whole process, as its signals are."""

    def __init__(self) -> None:
        self.is_asked = False
        self._is_raised = False
        self._shields = 0

    def ask(self, number: int, frame: FrameType | None) -> None:
        """Raise KeyboardInterrupt at the first signal, or at the end of the clean-up that is under way."""
        self.is_asked = True
        self._obey()

    def _obey(self) -> None:
        if self.is_asked and not self._is_raised and not self._shields:
            self._is_raised = True
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def shielded(self) -> Iterator[None]:
        """Let no signal interrupt the block; in another thread than the main one none ever does."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._shields += 1
        try:
            yield
        finally:
            self._shields -= 1
        self._obey()


STOP = Stop()


def hold() -> None:
    """Let signals wait until the program can answer them: while its modules are imported."""
    signal.pthread_sigmask(signal.SIG_BLOCK, stopping())


def answer() -> None:
    """Stop the run at the first signal from now on, also at one that was held."""
    numbers = stopping()
    for number in numbers:
        signal.signal(number, STOP.ask)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)


class CleanUp(contextlib.ExitStack):
    """An exit stack that no signal interrupts as it unwinds."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Unwind; a signal that came meanwhile stops the run then."""
        with STOP.shielded():
            super().__exit__(kind, error, trace)
