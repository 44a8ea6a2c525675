"""Rehearses several trees, each on the servers of its lane: side by side where there are several lanes.

A lane has servers of its own. Roles and settings belong to the whole server, and a migration may end other sessions,
or the server itself: on one server, trees that run at once would see what others do.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import psycopg2

from action.allowance import Allowance
from action.commands.servers import Servers
from action.postgres.databases import Databases
from action.session.live import LiveProcesses
from action.session.started import StartedSessions
from checks.recording.tree import TreeRecording

Rehearsing = Callable[[int, Sequence[Databases], bool], Sequence[TreeRecording]]
"""Rehearses the tree of a number on each server of its lane; the last argument says whether others run beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """What the lanes of a run share."""

    sessions: StartedSessions
    trees: int
    rehearse: Rehearsing
    allowance: Allowance
    live: LiveProcesses

    def run(self, lanes: Sequence[Servers]) -> tuple[list[Databases], list[Sequence[TreeRecording]]]:
        """Rehearse every tree, on as many lanes as have servers.

        Returns the databases of the first lane, and each tree's recordings in the order of the trees and servers.
        """
        done: dict[int, Sequence[TreeRecording]] = {}
        if len(lanes) > 1:
            used, *_ = self._side_by_side(lanes, done)
        else:
            used = self._lane(lanes[0], done, beside=False)
        return used, [done[number] for number in range(self.trees)]

    def _side_by_side(
        self, lanes: Sequence[Servers], done: dict[int, Sequence[TreeRecording]]
    ) -> list[list[Databases]]:
        # The threads end together: the kernel ends what a thread has started with that thread.
        with ThreadPoolExecutor(len(lanes), "lane") as threads:
            started = [threads.submit(self._lane, servers, done, beside=True) for servers in lanes]
            with self._stopping():
                return _results(started)

    @contextlib.contextmanager
    def _stopping(self) -> Iterator[None]:
        """End what the lanes wait for where the block is left early, by a signal or by an error in one of them."""
        try:
            yield
        except BaseException:
            self.sessions.close()
            self.allowance.stop()
            self.live.interrupt()
            raise

    def _lane(self, servers: Servers, done: dict[int, Sequence[TreeRecording]], *, beside: bool) -> list[Databases]:
        with contextlib.ExitStack() as owned:
            databases = servers.databases(self.allowance, owned)
            while (number := self.sessions.take()) is not None:
                done[number] = self.rehearse(number, databases, beside)
                self.sessions.give_back(number)
                for one in databases:
                    with contextlib.suppress(psycopg2.Error):  # a server that fails now has answered before
                        one.drop_new_roles()
        return databases


def _results(lanes: Sequence[Future[list[Databases]]]) -> list[list[Databases]]:
    """Wait for all, or for the first that fails, and raise its error."""
    ended, _ = wait(lanes, return_when=FIRST_EXCEPTION)
    for lane in ended:
        lane.result()
    return [lane.result() for lane in lanes]
