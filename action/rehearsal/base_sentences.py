"""The sentences for a base database that could not be created: what, why, fix."""

from __future__ import annotations

from collections.abc import Sequence

from action.postgres.schema_error import SchemaFileError
from checks.made_base import BETTER_BASE
from checks.recording.absent import Absent
from checks.recording.legs import MadeBy
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.tree import Environment

_NEEDED = "New revisions run on a copy of the deployed database. Without it they cannot be checked."
_SOURCE = {MadeBy.SCHEMA_FILE: "The `schema` file", MadeBy.INIT_COMMAND: "The `init` command"}


def no_base(absent: Absent) -> Obstacle:
    """Return the obstacle of a base database that could not be created."""
    return _obstacle(f"{absent.reason.rstrip('.')}.", _NEEDED, f"{BETTER_BASE} Or compare with another base.")


def _obstacle(what: str, why: str, remedy: str) -> Obstacle:
    message = f"The base database could not be created: {what}"
    return Obstacle(kind=ObstacleKind.NO_BASE, message=message, why=why, remedy=remedy)


def no_models(environment: Environment | None) -> Obstacle | None:
    """Return the obstacle of a base without models to create its database from; None where there are some."""
    if environment is None or (environment.metadata_given and environment.tables):
        return None
    state = "has no tables" if environment.metadata_given else "is None"
    return nothing_in_models(f"target_metadata in env.py of the base {state}.")


def nothing_in_models(what: str = "create_all of the base's models creates no table.") -> Obstacle:
    """Return the obstacle of models that create no table."""
    return _obstacle(
        what,
        "The base's migrations fail on an empty database, and nothing else describes its schema. On an empty database, "
        "each new revision would fail whatever it does.",
        BETTER_BASE,
    )


def nothing_from_init(output: str) -> Obstacle:
    """Return the obstacle of an init command that left the database empty; ``output`` says what it printed."""
    return _obstacle(
        "the init command left no table in the database.",
        f"It exited with code 0. {output}",
        "Let `init` connect to the database whose URL is in DATABASE_URL, and commit.",
    )


def init_ended(how: str, output: str) -> Obstacle:
    """Return the obstacle of an init command that did not end by itself; ``how`` is as in "The init command …"."""
    return Obstacle(
        kind=ObstacleKind.INIT_FAILED,
        message=f"The base database could not be created: the init command {how}.",
        why=output,
        remedy="Run the command by hand against an empty database, or set a higher --timeout if it is only slow.",
    )


def refused_file(path: str, error: SchemaFileError) -> Obstacle:
    """Return the obstacle of a schema file that cannot be used."""
    clause = str(error)
    verb = "" if not clause.startswith(("line ", "the ")) else ": "
    return _obstacle(f"the `schema` file {path}{verb or ' '}{clause}.", error.why or _NEEDED, error.remedy)


def no_rows(path: str, table: str) -> Obstacle:
    """Return the obstacle of a schema file without rows of the version table."""
    return _obstacle(
        f"the `schema` file {path} has no rows of {table}.",
        "These rows say which revisions production has run. pg_dump --schema-only leaves them out.",
        f"Add them: pg_dump --data-only --table={table} … >> {path}",
    )


def unknown_rows(rows: Sequence[str], made_by: MadeBy, known: str | None) -> Obstacle:
    """Return the obstacle of a database at revisions that the base does not have; ``known`` says who has them."""
    source = _SOURCE[made_by]
    listed = ", ".join(rows)
    count = "revision" if len(rows) == 1 else "revisions"
    return _obstacle(
        f"{source} is at {count} {listed}, which the base does not have.",
        known or "No version file of the base has this id.",
        "Make the dump from a database that has run only the base's revisions, or merge the base into this branch."
        if made_by is MadeBy.SCHEMA_FILE
        else "Let `init` stamp a revision of the base, or none: the base's heads are stamped then.",
    )
