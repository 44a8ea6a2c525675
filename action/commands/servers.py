"""The servers of a run: started side by side, prepared alike, and one recording of what was seen on all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import psycopg2

from action.allowance import Allowance
from action.commands.not_rehearsed import not_rehearsed
from action.errors import PostgresError
from action.postgres.database_setup import set_up
from action.postgres.databases import Databases
from action.postgres.servers.binaries import NotInstalledError
from action.postgres.servers.choose import provided, wanted_by
from action.postgres.servers.early import early
from action.postgres.servers.interface import PostgresServer, ServerWanted
from action.settings import Settings
from checks.recording.obstacles import ObstacleKind
from checks.recording.server import ServerUsed
from checks.recording.tree import FurtherServer, Recording, TreeRecording


class ComingServers:
    """The servers that the settings ask for, as they start in the background."""

    def __init__(self, settings: Settings, stack: ExitStack) -> None:
        """Start them; ``stack`` ends them."""
        self._settings = settings
        self.wanted = wanted_by(settings)
        self._coming = [stack.enter_context(early(provided(wanted), wanted.unwanted)) for wanted in self.wanted]

    def wait(self) -> Servers:
        """Return the servers when all have started; raise PostgresError where none has."""
        servers, missing = Servers(settings=self._settings), list[NotInstalledError]()
        for wanted, coming in zip(self.wanted, self._coming, strict=True):
            try:
                servers.running.append(coming())
            except NotInstalledError as error:
                missing.append(error)
                servers.not_installed.append(_not_installed(wanted))
            except PostgresError as error:
                servers.failed[wanted.name] = error
        if not servers.running:
            raise next(iter((*servers.failed.values(), *missing)))
        return servers


def servers_of_lanes(coming: Sequence[ComingServers]) -> list[Servers]:
    """Wait for the servers of every lane; the lanes whose servers start do the work of all. Raises PostgresError."""
    lanes, errors = list[Servers](), list[PostgresError]()
    for one in coming:
        try:
            lanes.append(one.wait())
        except PostgresError as error:
            errors.append(error)
    if not lanes:
        raise errors[0]
    return lanes


def _not_installed(wanted: ServerWanted) -> str:
    return (
        f"PostgreSQL {wanted.major} is not installed here, so no migration ran on it. Set "
        f"`postgres-image: postgres:{wanted.major}` (--postgres-image) to start it with Docker."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """The servers that run, at least one, and what to say of the others."""

    settings: Settings
    running: list[PostgresServer] = field(default_factory=list)
    failed: dict[str, PostgresError] = field(default_factory=dict)
    """By name: why a server did not start although it is there."""
    not_installed: list[str] = field(default_factory=list)

    def databases(self, allowance: Allowance, stack: ExitStack) -> list[Databases]:
        """Return the scratch databases of each server, prepared; ``stack`` drops them.

        Raises PostgresError for a server that fails now, SettingsError for a statement of the preparation that fails.
        """
        settings, owners = self.settings, []
        for server in self.running:
            server.address.bounds.set(settings.timeout, allowance)
            # On a server of ours they end with it, which is faster.
            owned = stack.enter_context(Databases(server, keep=settings.keep or server.is_ours))
            owners.append(owned)
            if settings.postgres_setup is not None:
                _prepare(owned, settings.postgres_setup, settings.timeout)
        return owners

    def names(self) -> list[str]:
        """Return what sets each server that runs apart from the others."""
        ways: tuple[Callable[[PostgresServer], str], ...] = (
            lambda server: f"PostgreSQL {server.version_num // 10000}",
            lambda server: f"PostgreSQL {server.version}",
            lambda server: server.detail,
        )
        for way in ways:
            names = [way(server) for server in self.running]
            if len(set(names)) == len(names):
                return names
        return [f"server {number + 1}" for number in range(len(self.running))]

    def recording(
        self, owners: Sequence[Databases], trees: Sequence[Sequence[TreeRecording]], read: Sequence[TreeRecording]
    ) -> Recording:
        """Return the recording: ``trees`` has those of each server for each tree, ``read`` what their files show."""
        used = [self._used(owned) for owned in owners]
        seen = [tuple(each[number] for each in trees) for number in range(len(owners))]
        names = [*self.names(), *self.failed]
        further = [
            *(
                FurtherServer(name=name, server=server, trees=recordings)
                for name, server, recordings in list(zip(names, used, seen, strict=False))[1:]
            ),
            *(
                FurtherServer(name=name, server=None, trees=not_rehearsed(read, why, ObstacleKind.NO_SERVER))
                for name, why in self.failed.items()
            ),
        ]
        return Recording(
            trees=seen[0],
            server=used[0],
            servers=tuple(names) if further else (),
            further=tuple(further),
            not_installed=tuple(self.not_installed),
        )

    def _used(self, owned: Databases) -> ServerUsed:
        server = owned.server
        kept = f". Databases: {', '.join(owned.names)}" if self.settings.keep else ""
        return ServerUsed(version=server.version, kind=server.kind, detail=f"{server.detail}{kept}", left=owned.left)


def _prepare(owned: Databases, text: str, timeout: float) -> None:
    try:
        set_up(owned, text, timeout)
    except psycopg2.Error as error:
        raise PostgresError(
            "PostgreSQL stopped working while `postgres-setup` ran.",
            why=f"Its last error: {str(error).strip() or type(error).__name__}",
            remedy="Look for a statement that stops the server or ends its sessions.",
        ) from error
