"""What the rest of the program may know of a server, and what every way to get one offers."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Say where a server listens and as whom to log in; the repr hides the password."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    maintenance_database: str = "postgres"
    """The database to be in while others are created and dropped."""
    parameters: tuple[tuple[str, str], ...] = ()
    """Further libpq parameters that a user's URL asked for, such as sslmode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerWanted:
    """Say which server a run wants; a way reads of it what concerns it."""

    url: str | None = field(default=None, repr=False)
    """Of a server that runs already; it may hold a password."""
    major: int | None = None
    """The major version of one that is started, ``17``; None for the newest."""
    keep: bool = False
    """Whether one that is started outlives the run."""


class PostgresServer(Protocol):
    """A running PostgreSQL whose scratch databases are ours."""

    @property
    def address(self) -> Address:
        """Where it listens."""

    @property
    def version(self) -> str:
        """The version as people write it, ``15.18``."""

    @property
    def version_num(self) -> int:
        """The version as PostgreSQL counts it, ``150018``."""

    @property
    def kind(self) -> str:
        """The way by which it was got, for the report: a name in ``choose.WAYS``. Nothing is decided by it."""

    @property
    def is_ours(self) -> bool:
        """Whether it was started for this run alone.

        Then it is tuned for us, so our connections may set options and copy files without a checkpoint's regard for
        others; it is disposable, so what is left on it goes with it; and several databases may be loaded at once. On
        any other server we are guests.
        """

    @property
    def detail(self) -> str:
        """One line for the report: where it came from, and how to reach it when it is kept."""


class Way(Protocol):
    """A way to get a server: a module of this folder that has this function."""

    def provide(self, wanted: ServerWanted) -> AbstractContextManager[PostgresServer]:
        """Return a context manager in whose block the server is there; entering it raises PostgresError."""
