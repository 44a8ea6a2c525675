"""All that a run observed, as plain values: the only input of every check, and a file that checks can judge again."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from checks.recording.absent import Absent
from checks.recording.deployed import Deployed, TwoWays
from checks.recording.edit_runs import EditRun
from checks.recording.imports import ModelFiles
from checks.recording.legs import Leg
from checks.recording.losses import Loss
from checks.recording.lost_import import LostImport
from checks.recording.models import Drift
from checks.recording.obstacles import Obstacle
from checks.recording.replays import Replays
from checks.recording.revisions import Changes, Graph
from checks.recording.round_trips import RoundTrip
from checks.recording.server import ServerUsed
from checks.recording.untouched import Untouched

RECORDING_VERSION = 8
NO_BASE = Absent(reason="There is no base to compare with.")
NOT_SEARCHED = Absent(reason="The files of the repository were not searched for models.")
NOT_UNDONE = Absent(reason="The revisions to judge were not undone.")
NOT_COMPARED_BY_OID = Absent(reason="The database before each revision was not compared with the one after it.")
NOT_REPLAYED = Absent(reason="The deploy was not stopped half-way.")
NOT_COMPARED = Absent(reason="The models and the migrated database were not compared.")


class Phase(enum.StrEnum):
    """A part of a run that is timed, for each Alembic environment."""

    APPLY = "apply"
    """Applying the revisions."""
    COMPARE = "compare"
    """Comparing the models with the migrated database."""
    EXAMINE = "examine"
    """Undoing and applying again the revisions to judge, one by one."""
    REPLAY = "replay"
    """Stopping the deploy half-way, and running it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One of several databases that env.py migrates."""

    name: str
    """As env.py calls it."""
    metadata_given: bool = True
    tables: int = 0
    """Number of tables of the metadata that env.py gives to Alembic for it."""
    version_table: str = "alembic_version"
    version_table_schema: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What is known about the project's own Python interpreter, its packages and its env.py."""

    python: str
    """Path of the interpreter."""
    python_version: str
    alembic: str
    sqlalchemy: str
    driver: str
    """Such as ``psycopg2 2.9.13``."""
    heads: tuple[str, ...] = ()
    """The heads as Alembic itself computes them, without those that another revision depends on."""
    metadata_given: bool = True
    """False where env.py sets ``target_metadata = None``."""
    tables: int = 0
    """Number of tables of the metadata that env.py gives to Alembic."""
    unseen: tuple[tuple[str, int], ...] = ()
    """Metadata that env.py imports but does not give to Alembic: (its Python name, number of tables only it has)."""
    version_table: str = "alembic_version"
    version_table_schema: str | None = None
    transaction_per_migration: bool = False
    engines: tuple[Engine, ...] = ()
    """Where env.py migrates several databases: all of them, the first one first."""
    folder_note: str | None = None
    """A sentence with the folder that env.py ran in, where it does not load in the one that its configuration suggests.
    """
    settings_note: str | None = None
    """A sentence with the variables that were filled in from examples in the repository; None where none was missing.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeRecording:
    """All that a run observed of one Alembic environment."""

    path: str
    """Its configuration file, relative to the repository's root, with ``:section`` when it is not the default."""
    version_locations: tuple[str, ...] = ()
    """Relative to the repository's root."""
    graph: Graph = field(default_factory=Graph)
    """The revision graph as checked out."""
    changes: Changes | Absent = NO_BASE
    """The differences from the base; absent where there is no base, or where it could not be read."""
    base_expected: bool = False
    """Whether there should be a base: it was set, or this is a pull request. The run is inconclusive without it."""
    untouched: Untouched | None = None
    """Why the migrations did not run, where it is that the change touches nothing of this Alembic environment."""
    environment: Environment | None = None
    obstacle: Obstacle | None = None
    lost_import: LostImport | None = None
    """An import that failed because of the change under check; None where none did."""
    deployed: Deployed | None = None
    """None where no base is known, or nothing ran."""
    legs: tuple[Leg, ...] = ()
    two_ways: TwoWays | None = None
    """None where both lead through the same code, or one of them did not reach the heads."""
    edit_runs: tuple[EditRun, ...] = ()
    """Of each part of ``Changes.edits`` that the base has not changed as well, where the migrations ran."""
    start_after: tuple[str, ...] = ()
    """The setting ``start-after``: revisions, branch labels, or the beginning of one."""
    judged: tuple[str, ...] = ()
    """The revisions that are judged one by one, in the order of their application: the new ones, unless settings say
    otherwise."""
    round_trips: tuple[RoundTrip, ...] | Absent = NOT_UNDONE
    """Of each of ``judged``, where the migrations reached the heads."""
    losses: tuple[Loss, ...] | Absent = NOT_COMPARED_BY_OID
    """Of each of ``judged``, where the migrations reached the heads."""
    replays: Replays | Absent = NOT_REPLAYED
    """Where the migrations reached the heads: whether the deploy runs again after it was stopped half-way."""
    drift: Drift | Absent = NOT_COMPARED
    """Absent also where ``obstacle`` or a failed migration run left nothing to compare."""
    other_drifts: tuple[Drift | Absent, ...] = ()
    """Where env.py migrates several databases: the same of each but the first."""
    model_files: ModelFiles | Absent = NOT_SEARCHED
    """Absent also where ``obstacle`` kept env.py from running."""
    launcher: tuple[str, ...] = ()
    """What starts a program in the environment of the project, such as ``uv run``, word by word; empty: not known."""
    flask_folder: str | None = None
    """The folder that ``flask db`` runs in, empty for the root; None where the migrations are not Flask-Migrate's."""
    dependencies_note: str | None = None
    """A sentence about the packages that the project's code ran with, where they were not just there."""
    output: str = ""
    """The last lines that the project itself printed."""
    seconds: dict[Phase, float] = field(default_factory=dict)
    """Wall time in seconds of the phases that ran."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherServer:
    """All that a run observed on one more server, with the same import of the project."""

    name: str
    """What sets the server apart from the others, such as ``PostgreSQL 15``."""
    server: ServerUsed | None
    """None where it did not start; the obstacles in ``trees`` give the reason."""
    trees: tuple[TreeRecording, ...]
    """The same as those of the recording, in the same order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """All that a run observed: on its first server, and on the others."""

    recording_version: int = RECORDING_VERSION
    trees: tuple[TreeRecording, ...]
    server: ServerUsed | None = None
    """None where no server was started; the obstacles in ``trees`` give the reason."""
    servers: tuple[str, ...] = ()
    """Where the migrations ran on several servers: what sets each apart, that of ``server`` first."""
    further: tuple[FurtherServer, ...] = ()
    """The servers after the first."""
    not_installed: tuple[str, ...] = ()
    """Of the versions to run on, those that are not there, each as a sentence."""
    seconds: dict[str, float] = field(default_factory=dict)
    unsearched: tuple[str, ...] = ()
    """Folders and files in which no Alembic config was looked for, because they cannot be read, as ``path (why)``."""
