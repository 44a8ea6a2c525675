"""What Debian offers for the packages of an image that was released."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Inst liblzma5 [5.4.1-1] (5.4.1-1+deb12u2 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64])
_INSTALLS = re.compile(r"^Inst (?P<name>\S+) \[(?P<old>[^]]+)\] \((?P<new>\S+) (?P<origins>[^)]*)\)", re.MULTILINE)
_POSTGRESQL = re.compile(r"postgresql-.*|libpq.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A package with a newer version."""

    name: str
    old: str
    new: str
    urgent: bool
    """It is a security update, or one of PostgreSQL's."""

    def __str__(self) -> str:
        return f"- {self.name}: {self.old} → {self.new}"


def offered(simulated: str) -> Iterator[Update]:
    """Yield the updates in the output of ``apt-get --simulate dist-upgrade``."""
    for match in _INSTALLS.finditer(simulated):
        security = "Debian-Security:" in match["origins"]
        yield Update(
            name=match["name"],
            old=match["old"],
            new=match["new"],
            urgent=security or _POSTGRESQL.fullmatch(match["name"]) is not None,
        )
