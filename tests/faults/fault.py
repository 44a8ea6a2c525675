"""A row of the table of faults: what is done to a run, how the run has to end, and what it may leave."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.scene import Scene
from tests.projects.builder import BOOK, tree

Deed = Callable[[Scene], None]
"""Something that is done to the machine or to the run; raises AssertionError where it finds what must not be."""
PASSES = tree(BOOK)
OURS = ("This is a bug in alembic-checks", 'entrypoint.py", line')
"""What only a fault of the program itself prints; a report may show the traceback of a migration."""


class As(enum.Enum):
    """Who starts the program."""

    ROOT = "root"
    ORDINARY = "an ordinary user"
    IMAGE = "root, where the users of the image exist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One row. Each is the right behaviour, in the words of the user."""

    name: str
    kind: str
    """The promise that it tests: ``R5`` is Reliability 5 of the issue, ``S3`` is Security 3."""
    files: Mapping[str, str] = field(default_factory=lambda: PASSES)
    arguments: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    user: As = As.ROOT
    shell: str = 'exec "$@"'
    """How a shell starts the program, ``"$@"``: with its limits, redirections and working directory."""
    terminal: bool = False
    """Whether the program has a terminal of its own."""
    server: bool = False
    """Whether the program works on a server that is not its own; its URL is in the environment."""
    before: Deed | None = None
    during: Deed | None = None
    after: Deed | None = None
    code: int | tuple[int, ...] = 0
    """The exit code, negative for the signal that ended the program; several where the moment decides."""
    says: tuple[str, ...] = ()
    """Sentences of the output."""
    never: tuple[str, ...] = ()
    """What must not be in the output, beside ``OURS``."""
    verdict: str | None = None
    """What the report says; None where there may be none."""
    left: tuple[str, ...] = ()
    """What may be left, as regular expressions for lines such as ``file /tmp/x`` or ``database ac_x``."""
    grace: float = 1.0
    """Seconds after the end of the program in which the rest has to be gone."""
    within: float = 60.0
    """Seconds for the whole run."""
    in_gate: bool = False
    """Whether it runs with all other tests, and not only in ``make faults``."""

    @property
    def codes(self) -> tuple[int, ...]:
        """Return the exit codes that are right."""
        return (self.code,) if isinstance(self.code, int) else self.code
