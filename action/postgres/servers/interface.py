"""What the rest of the program may know of a server: its address, its version and the end of its log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

Kind = Literal["embedded", "external"]


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


class Server(Protocol):
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
    def kind(self) -> Kind:
        """Whether we booted it or were given it."""

    @property
    def detail(self) -> str:
        """One line for the report: where it came from, and how to reach it when it is kept."""

    def log_tail(self) -> str:
        """Return the last lines of its log, empty where we cannot read it."""
