"""The first signal stops a run, the next ones do not, and none interrupts what must not be."""

from __future__ import annotations

import signal
import threading

import pytest

from action.supervisor.signals import Stop, stopping


def test_the_first_signal_stops_the_run_and_the_second_does_not() -> None:
    stop = Stop()
    with pytest.raises(KeyboardInterrupt):
        stop.ask(signal.SIGTERM, None)
    stop.ask(signal.SIGTERM, None)
    assert stop.is_asked


def test_a_signal_waits_for_the_end_of_the_clean_up() -> None:
    stop, done = Stop(), list[str]()

    def clean_up() -> None:
        with stop.shielded():
            with stop.shielded():
                stop.ask(signal.SIGINT, None)
                done.append("inner")
            done.append("outer")

    with pytest.raises(KeyboardInterrupt):
        clean_up()
    assert done == ["inner", "outer"]


def test_another_thread_is_not_stopped_at_the_end_of_its_clean_up() -> None:
    stop, done = Stop(), list[str]()

    def clean_up() -> None:
        with stop.shielded():
            stop.is_asked = True
        done.append("its own way")

    thread = threading.Thread(target=clean_up)
    thread.start()
    thread.join()
    assert done == ["its own way"]
    with pytest.raises(KeyboardInterrupt):
        stop.ask(signal.SIGINT, None)


def test_an_error_of_the_clean_up_is_not_hidden_by_a_signal() -> None:
    stop = Stop()

    def fail() -> None:
        with stop.shielded():
            stop.ask(signal.SIGINT, None)
            raise ValueError("it failed")

    with pytest.raises(ValueError, match="it failed"):
        fail()


def test_every_signal_that_would_end_the_process_stops_it() -> None:
    numbers = stopping()
    assert {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGABRT} <= {*numbers}
    assert not {signal.SIGKILL, signal.SIGSTOP, signal.SIGTSTP, signal.SIGCHLD, signal.SIGWINCH} & {*numbers}


def test_a_signal_that_the_caller_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert signal.SIGHUP not in stopping()
    finally:
        signal.signal(signal.SIGHUP, before)
