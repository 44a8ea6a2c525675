"""Rehearses several trees, each on the server of its lane: side by side where there are several lanes.

A lane has a server of its own. Roles and settings belong to the whole server, and a migration may end other sessions,
or the server itself: on one server, trees that run at once would see what others do.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import psycopg2

from action.allowance import Allowance
from action.postgres.databases import Databases
from action.postgres.servers.interface import PostgresServer
from action.session.live import LiveProcesses
from action.session.started import StartedSessions
from checks.recording.server import ServerUsed
from checks.recording.tree import TreeRecording

Rehearsing = Callable[[int, Databases, bool], TreeRecording]
"""Rehearses the tree of a number with databases of its lane; the last argument says whether others run beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """What the lanes of a run share."""

    sessions: StartedSessions
    trees: int
    rehearse: Rehearsing
    allowance: Allowance
    live: LiveProcesses
    timeout: float
    keep: bool

    def run(self, servers: Sequence[PostgresServer]) -> tuple[list[TreeRecording], ServerUsed]:
        """Rehearse every tree, on as many lanes as there are servers; return the recordings in their order."""
        done: dict[int, TreeRecording] = {}
        if len(servers) > 1:
            used, *_ = self._side_by_side(servers, done)
        else:
            used = self._lane(servers[0], done, beside=False)
        return [done[number] for number in range(self.trees)], used

    def _side_by_side(self, servers: Sequence[PostgresServer], done: dict[int, TreeRecording]) -> list[ServerUsed]:
        # The threads end together: the kernel ends what a thread has started with that thread.
        with ThreadPoolExecutor(len(servers), "lane") as threads:
            lanes = [threads.submit(self._lane, server, done, beside=True) for server in servers]
            with self._stopping():
                return _results(lanes)

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

    def _lane(self, server: PostgresServer, done: dict[int, TreeRecording], *, beside: bool) -> ServerUsed:
        server.address.bounds.set(self.timeout, self.allowance)
        # On a server of ours they end with it, which is faster.
        with Databases(server, keep=self.keep or server.is_ours) as databases:
            while (number := self.sessions.take()) is not None:
                done[number] = self.rehearse(number, databases, beside)
                self.sessions.give_back(number)
                with contextlib.suppress(psycopg2.Error):  # a server that fails now has answered before
                    databases.drop_new_roles()
        kept = f". Databases: {', '.join(databases.names)}" if self.keep else ""
        return ServerUsed(
            version=server.version, kind=server.kind, detail=f"{server.detail}{kept}", left=databases.left
        )


def _results(lanes: Sequence[Future[ServerUsed]]) -> list[ServerUsed]:
    """Wait for all, or for the first that fails, and raise its error."""
    ended, _ = wait(lanes, return_when=FIRST_EXCEPTION)
    for lane in ended:
        lane.result()
    return [lane.result() for lane in lanes]
