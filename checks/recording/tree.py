"""What a rehearsal saw, as plain values: the only input of every check, and a file that can be judged again later."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from checks.recording.absent import Absent
from checks.recording.legs import Leg
from checks.recording.models import Drift
from checks.recording.obstacles import Obstacle
from checks.recording.revisions import Changes, Graph
from checks.recording.server import ServerUsed

RECORDING_VERSION = 2
NO_BASE = Absent(reason="No base is known to compare with.")
NOT_COMPARED = Absent(reason="The models and the migrated database were not compared.")


class Phase(enum.StrEnum):
    """A part of a run of one tree that takes time of its own."""

    APPLY = "apply"
    """Applying the revisions."""
    COMPARE = "compare"
    """Comparing the models with the migrated database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the probe learnt inside the project's own interpreter."""

    python: str
    """Path of the interpreter."""
    python_version: str
    alembic: str
    sqlalchemy: str
    driver: str
    """Such as ``psycopg2 2.9.13``."""
    heads: tuple[str, ...] = ()
    """As Alembic itself computes them."""
    metadata_given: bool = True
    """False where env.py hands over ``target_metadata = None``."""
    tables: int = 0
    """Tables on the metadata that env.py hands to Alembic."""
    unseen: tuple[tuple[str, int], ...] = ()
    """Metadata that env.py imports but does not hand over: (where it lives, how many tables only it has)."""
    version_table: str = "alembic_version"
    version_table_schema: str | None = None
    transaction_per_migration: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeRecording:
    """Everything that was seen of one Alembic environment."""

    path: str
    """Its configuration file, relative to the repository's root, with ``:section`` when it is not the default."""
    version_locations: tuple[str, ...] = ()
    """Relative to the repository's root."""
    graph: Graph = field(default_factory=Graph)
    """As checked out."""
    changes: Changes | Absent = NO_BASE
    """Against the base; absent where none was named, or where it could not be read."""
    base_expected: bool = False
    """Whether there should be one: it was named, or this is a pull request. Without it something is left unjudged."""
    environment: Environment | None = None
    obstacle: Obstacle | None = None
    legs: tuple[Leg, ...] = ()
    drift: Drift | Absent = NOT_COMPARED
    """Absent also where ``obstacle`` or a failed leg left nothing to compare."""
    output: str = ""
    """The end of what the project itself printed."""
    seconds: dict[Phase, float] = field(default_factory=dict)
    """Wall time of the phases that were run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """All that a run saw, on one server."""

    recording_version: int = RECORDING_VERSION
    trees: tuple[TreeRecording, ...]
    server: ServerUsed | None = None
    """None where no server was started; the trees' obstacles say why."""
    seconds: dict[str, float] = field(default_factory=dict)
