"""Sessions are handed out in order and few at once; a machine takes one project at least."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest

from action.commands.room import at_once
from action.commands.servers import ComingServers, servers_of_lanes
from action.errors import PostgresError
from action.session.live import LiveProcesses
from action.session.session import Session
from action.session.started import StartedSessions


class Counted:
    """A session that only counts."""

    def __init__(self, log: list[str], name: str) -> None:
        self.log, self.name = log, name

    def __enter__(self) -> Counted:
        self.log.append(f"+{self.name}")
        return self

    def end(self) -> None:
        self.log.append(f"-{self.name}")


class Process:
    """A process that only counts how often it was ended."""

    def __init__(self) -> None:
        self.ended = 0

    def interrupt(self) -> None:
        self.ended += 1


def of(log: list[str], names: str) -> Sequence[Session]:
    return cast(Sequence[Session], [Counted(log, name) for name in names])


def test_the_next_session_starts_when_one_is_given_back() -> None:
    log: list[str] = []
    with StartedSessions(of(log, "abcd"), 2) as sessions:
        assert (sessions.take(), sessions.take(), log) == (0, 1, ["+a", "+b"])
        sessions.give_back(1)
        assert (sessions.take(), log[2:]) == (2, ["-b", "+c"])
        sessions.give_back(0)
        sessions.give_back(2)
        assert (sessions.take(), sessions.take(), log[4:]) == (3, None, ["-a", "+d", "-c"])
    assert log[7:] == ["-a", "-b", "-c", "-d"]


def test_closed_they_hand_out_no_more() -> None:
    log: list[str] = []
    with StartedSessions(of(log, "abc"), 1) as sessions:
        assert sessions.take() == 0
        sessions.close()
        sessions.give_back(0)
        assert (sessions.take(), log) == (None, ["+a", "-a"])


def test_processes_are_ended_also_those_that_start_too_late() -> None:
    live, processes = LiveProcesses(), [Process() for _ in range(3)]
    live.add(processes[0])
    live.add(processes[1])
    live.remove(processes[1])
    live.interrupt()
    live.add(processes[2])
    assert [process.ended for process in processes] == [1, 0, 1]


def test_a_machine_takes_one_project_and_not_many() -> None:
    assert 1 <= at_once() <= 4


class Coming:
    """The servers of a lane, or the error of one that does not start."""

    def __init__(self, found: str | PostgresError) -> None:
        self.found = found

    def wait(self) -> str:
        if isinstance(self.found, PostgresError):
            raise self.found
        return self.found


def test_the_lanes_whose_servers_start_do_the_work_of_all() -> None:
    first, second = PostgresError("first"), PostgresError("second")
    lanes = [Coming(first), Coming("a"), Coming(second), Coming("b")]
    assert [str(one) for one in servers_of_lanes(cast(Sequence[ComingServers], lanes))] == ["a", "b"]
    with pytest.raises(PostgresError, match="first"):
        servers_of_lanes(cast(Sequence[ComingServers], [lanes[0], lanes[2]]))
