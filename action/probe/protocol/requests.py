"""Every request that the session sends to the probe: one definition, which both ends import (docs/protocol.md).

Nothing is taken over from outside this folder: the probe runs on Python 3.9 and sees none of our other modules.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Dict, List, Optional, Tuple, Type, TypedDict, Union


class ServerPlace(TypedDict):
    """Where the server is, and as whom to log in."""

    host: str
    port: int
    user: str
    password: str
    parameters: Dict[str, str]
    """Further parameters of libpq, such as sslmode."""


@dataclass(frozen=True)
class Load:
    """Import the project by one run of env.py that changes nothing."""

    do: ClassVar[str] = "load"
    until: ClassVar[str] = "loaded"
    answer: ClassVar[str] = "environment"

    server: ServerPlace
    database: str
    root: str
    workdir: str
    config_file: str
    section: str
    kind: str
    """``ini``, ``pyproject``, or ``folder`` where no file configures Alembic."""
    script_location: str
    version_locations: Tuple[str, ...]
    env_py: str
    env: Dict[str, str]
    """Variables that the user sets, with ``{url}`` and its like still in them."""
    driver: int
    """Which of the likely drivers to put into the URL: 0 is the likeliest."""
    only_prepare: bool
    """Leave out the run of env.py: an earlier process has done it."""
    relocate: Optional[Tuple[str, str]]
    """Two roots: what is installed from the first comes from the second."""
    packages: Dict[str, List[str]]
    """The names that the repository's own packages have, each with the folders below ``root`` that it lies in."""
    engines: Tuple[str, ...] = ()
    """The keys of the databases that env.py migrates, where it is known that they are several."""
    init: Optional[str] = None
    """The user's command that makes the schema, to be run first, where env.py does not load on an empty database."""
    alembic_config: Optional[str] = None
    """The project's own Config, as ``package.module:name``."""
    command: Optional[str] = None
    """The project's own command that upgrades the database, which is taken over when it runs env.py."""
    x_args: Tuple[str, ...] = ()
    """What ``alembic -x`` would be given."""
    framework: str = ""
    """``flask`` where env.py has shown that it needs an application's context; else what the files say decides."""


FLASK = "flask"


@dataclass(frozen=True)
class FindMissing:
    """Find all variables that the project lacks, which has just failed to load."""

    do: ClassVar[str] = "missing"
    until: ClassVar[str] = "missing"
    answer: ClassVar[str] = "missing"

    offered: Dict[str, str]
    """Values that its own files have for variables, to be tried first, with ``{url}`` and its like in them."""


OPERATIONS = "operations:"
"""Among the files that use others: every version file, which may use what other modules add to Alembic's ``op``."""


@dataclass(frozen=True)
class ListUses:
    """List which files of the project the code uses so far."""

    do: ClassVar[str] = "uses"
    until: ClassVar[str] = "uses"
    answer: ClassVar[str] = "uses"

    of: Tuple[str, ...]
    """Only what these files use, and what that uses again; everything when empty."""


@dataclass(frozen=True)
class FindUnimported:
    """Find the tables that files declare beside those of the metadata, in modules that nobody imported."""

    do: ClassVar[str] = "unimported"
    until: ClassVar[str] = "unimported"
    answer: ClassVar[str] = "unimported"

    files: Tuple[str, ...]
    """Those that may declare tables, relative to the repository's root."""


@dataclass(frozen=True)
class Upgrade:
    """Apply revisions up to the target, and send an event for every step and statement."""

    do: ClassVar[str] = "upgrade"
    until: ClassVar[str] = "ended"
    answer: ClassVar[str] = "done"

    database: str
    target: Tuple[str, ...] = ()
    """Revisions; all heads when empty."""
    watched: Tuple[str, ...] = ()
    """Revisions of which digests of the statements' values are sent as well, and the lines that ran."""
    stop_after: int = 0
    """End the process right after this many commits that the server has acknowledged; 0 for never.

    They are counted as the events have them: each ``commit``, and each ``statement-done`` in autocommit.
    """
    shown: Tuple[str, ...] = ()
    """Revisions of which the statements are sent as SQL that can be copied, too."""
    fork: bool = True
    """Do it in a child process, which leaves the imported project as it is."""
    server: Optional[ServerPlace] = None
    """Where the database is, if not on the server that the project was imported with."""


@dataclass(frozen=True)
class Downgrade:
    """Undo one revision, and send an event for the step and every statement."""

    do: ClassVar[str] = "downgrade"
    until: ClassVar[str] = "ended"
    answer: ClassVar[str] = "done"

    database: str
    revision: str
    """One that nothing that was applied depends on."""
    watched: Tuple[str, ...] = ()
    """As in ``Upgrade``."""
    fork: bool = True
    server: Optional[ServerPlace] = None


@dataclass(frozen=True)
class CreateSchema:
    """Make the schema from the models alone, and stamp it."""

    do: ClassVar[str] = "create"
    until: ClassVar[str] = "ended"
    answer: ClassVar[str] = "done"

    database: str
    target: Tuple[str, ...]
    fork: bool = True
    server: Optional[ServerPlace] = None


@dataclass(frozen=True)
class Initialize:
    """Run the user's command that makes the schema, and stamp what it did not."""

    do: ClassVar[str] = "initialize"
    until: ClassVar[str] = "ended"
    answer: ClassVar[str] = "done"

    database: str
    target: Tuple[str, ...]
    command: str
    fork: bool = True
    server: Optional[ServerPlace] = None


@dataclass(frozen=True)
class BuildModels:
    """Make the database what the models describe."""

    do: ClassVar[str] = "models"
    until: ClassVar[str] = "ended"
    answer: ClassVar[str] = "models"

    database: str
    engine: int = 0
    """Of several databases, the one that is meant."""
    fork: bool = True
    server: Optional[ServerPlace] = None


class SelectedObject(TypedDict):
    """A difference whose operations are wanted; each field is as the comparison of the schemas has it."""

    change: str
    """What differs, such as ``column-missing``."""
    kind: str
    """The kind of the object, such as ``index``."""
    schema: str
    table: str
    """Empty for an object without a table."""
    names: List[str]
    """The object's names on both sides."""
    columns: List[str]
    types: List[str]
    """Enums and domains that the object's columns use."""


class NeededTypeFields(TypedDict):
    """A type that has to be created before the operations."""

    name: str
    create: str
    drop: str


class Selection(TypedDict):
    """Which operations a migration holds."""

    wanted: List[SelectedObject]
    types: List[NeededTypeFields]
    known: Optional[List[str]]
    """Operations of the base, which are left out; None where ``wanted`` is what decides."""


VersionFile = Tuple[str, str]
"""Path and content of a version file that is not in the project."""


@dataclass(frozen=True)
class WriteCandidate:
    """Have autogenerate write the missing migration, and apply it to the database."""

    do: ClassVar[str] = "candidate"
    until: ClassVar[str] = "ended"
    answer: ClassVar[str] = "candidate"

    database: str
    head: str
    rev_id: str
    message: str
    engine: int = 0
    """Of several databases, the one whose differences are sent."""
    selection: Optional[Selection] = None
    """Everything that autogenerate finds when None."""
    after: Tuple[VersionFile, ...] = ()
    """The migration that the database is at and ``head`` is in, in the order in which it was applied."""
    fork: bool = True
    server: Optional[ServerPlace] = None


@dataclass(frozen=True)
class ApplyMigration:
    """Apply a migration that is given as text, as further revisions of the tree, or undo it."""

    do: ClassVar[str] = "apply"
    until: ClassVar[str] = "ended"
    answer: ClassVar[str] = "applied"

    database: str
    files: Tuple[VersionFile, ...]
    """In the order in which they are applied; they are undone in the opposite one."""
    undo: bool = False
    """Whether to run each downgrade() where they were applied before."""
    after: Tuple[VersionFile, ...] = ()
    """As in ``WriteCandidate``."""
    fork: bool = True
    server: Optional[ServerPlace] = None


LegRequest = Union[Upgrade, Downgrade, CreateSchema, Initialize, BuildModels, WriteCandidate, ApplyMigration]
"""What is done to one scratch database, in a process of its own."""
Request = Union[Load, FindMissing, ListUses, FindUnimported, LegRequest]
ALL: Tuple[Type[Request], ...] = (
    Load, FindMissing, ListUses, FindUnimported, Upgrade, Downgrade, CreateSchema, Initialize, BuildModels,
    WriteCandidate, ApplyMigration,
)  # fmt: skip
_BY_NAME = {request.do: request for request in ALL}


def encode(request: Request) -> str:
    """Return a request as a line of JSON, without the line's end."""
    return json.dumps({"do": request.do, **asdict(request)})


def decode(line: str) -> Request:
    """Return the request that a line of JSON holds."""
    fields: Dict[str, Any] = json.loads(line)
    request = _BY_NAME[fields.pop("do")]
    given: Dict[str, Any] = {name: _immutable(value) for name, value in fields.items()}
    return request(**given)


def _immutable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
