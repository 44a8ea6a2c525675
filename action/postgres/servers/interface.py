"""The interface of a server to the rest of the program, and of a way to get one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol

from action.postgres.servers.deadlines import Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The address and login of a server; the repr hides the password."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    maintenance_database: str = "postgres"
    """The database to connect to while others are created and dropped."""
    parameters: tuple[tuple[str, str], ...] = ()
    """Further libpq parameters that a user's URL asked for, such as sslmode."""
    is_complete: bool = field(default=False, compare=False)
    """Whether no environment variable of libpq's may add to it, as they may to a user's URL."""
    bounds: Bounds = field(default_factory=Bounds, compare=False, repr=False)
    """How long our connections to it wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerWanted:
    """The server that a run wants; each way reads the fields that it needs."""

    url: str | None = field(default=None, repr=False)
    """The URL of a running server; it may contain a password."""
    major: int | None = None
    """The major version of an installed one that is started, ``17``; None for the newest."""
    image: str | None = None
    """The Docker image of one that is started in a container."""
    keep: bool = False
    """Whether one that is started outlives the run."""
    superuser: bool = False
    """Whether migrations run as a superuser on one that is started."""
    unwanted: Event = field(default_factory=Event, compare=False, repr=False)
    """Set where the run ends without the server, so that its start ends at once."""

    @property
    def name(self) -> str:
        """Return what a report calls it as long as nothing else is known of it."""
        return self.image or (f"PostgreSQL {self.major}" if self.major else "PostgreSQL")


class PostgresServer(Protocol):
    """A running PostgreSQL whose scratch databases are ours."""

    @property
    def address(self) -> Address:
        """Where it listens, and the role that migrates and reads in scratch databases."""

    @property
    def admin(self) -> Address:
        """The role that creates and drops databases and roles; it reads nothing that a migration has made."""

    @property
    def role_is_ordinary(self) -> bool:
        """Whether the role of ``address`` is of our making, and no superuser."""

    @property
    def version(self) -> str:
        """The version as people write it, ``15.18``."""

    @property
    def version_num(self) -> int:
        """The version as PostgreSQL counts it, ``150018``."""

    @property
    def kind(self) -> str:
        """The way that provided it, for the report: a name in ``choose.WAYS``. No decision depends on it."""

    @property
    def is_ours(self) -> bool:
        """Whether it was started for this run alone.

        Then our connections may set options and copy files without regard for other users; databases that are left
        on it vanish with it; and several databases may be loaded at once. Any other server has other users.
        """

    @property
    def detail(self) -> str:
        """One line for the report: where it comes from, and how to connect to it when it is kept."""


class Way(Protocol):
    """A way to get a server: a module of this folder that has this function."""

    def provide(self, wanted: ServerWanted) -> AbstractContextManager[PostgresServer]:
        """Return a context manager in whose block the server runs; entering it raises PostgresError."""
