"""Remedies for a failed migration, by the SQLSTATE of the server's error (PostgreSQL documentation, appendix A)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checks.lacking import remedy_of
from checks.made_base import BETTER_BASE
from checks.recording.legs import Failure, FailureKind
from checks.recording.revisions import ReplacedId
from checks.sql import LEADING

AUTOCOMMIT = "with op.get_context().autocommit_block():"
REMEDIES = {
    "25001": f"Move the statement into `{AUTOCOMMIT}`. It cannot run inside the transaction that Alembic opens.",
    "55P04": f"Add the enum value in a revision of its own, or in `{AUTOCOMMIT}`. PostgreSQL does not allow a new "
    "value in the transaction that added it.",
    "42P07": "Create this relation in one place only. An earlier revision, or metadata.create_all() somewhere in the "
    "project, already created it.",
    "42710": "Create this object in one place only: an earlier revision already created it. For an enum type, pass "
    "create_type=False to every later use.",
    "42701": "Add the column in one place only: this revision or an earlier one already added it.",
    "42P01": "Check the order of the revisions (down_revision, depends_on) and the table's schema: no earlier revision "
    "creates this table.",
    "42703": "Check the column's name and the order of the revisions: no earlier revision creates this column.",
    "42704": "Create the type, role or constraint in an earlier revision. A type of an extension needs CREATE "
    "EXTENSION first.",
    "3F000": "Create the schema in an earlier revision: op.execute('CREATE SCHEMA …').",
    "42501": "Grant the right in an earlier statement, or run the statement as a role that has it. If your deploy "
    "connects as a superuser, set `superuser: true` (--superuser), or let `database-url` name one.",
    "23502": "Add the column as nullable, fill it, then set NOT NULL; or add a server_default. The table already has "
    "rows.",
    "23505": "Delete the duplicate rows in the migration before it adds the constraint.",
    "55P03": "Close the other connection that the migration opens: it holds a lock, and this statement waited for that "
    "lock longer than lock_timeout allows.",
    "57014": "Set a higher statement_timeout for this statement, or split it: it ran longer than the project's own "
    "statement_timeout.",
    "58P01": "Set `postgres-image` (--postgres-image) to an image that has the file, or `database-url` "
    "(--database-url) to a server that has it.",
    "0A000": "Compare this PostgreSQL version with that of your production server, and choose the right one with "
    "`postgres`, `postgres-image` or `database-url`. This version does not support the statement.",
}


_WRITES_ROWS = re.compile(LEADING + r"(?:INSERT|UPDATE|MERGE|COPY|WITH)\b", re.IGNORECASE | re.DOTALL)
_OF_ROWS = {
    "23502": "Give the column a value in this statement: it is NOT NULL and has no default.",
    "23505": "Write no key that another row has: leave such rows out, in an INSERT with ON CONFLICT DO NOTHING.",
}
"""The same for a statement that writes rows."""


def set_variables(names: Sequence[str]) -> str:
    """Return how to set the variables that a migration reads."""
    options, lines = (" ".join(f"{start}{name}=VALUE" for name in names) for start in ("--env ", ""))
    them = "it" if len(names) == 1 else "them"
    return f"Set {them} with {options}, or as {lines} in the action's input `env`. The migration reads {them}."


def remedy_for(failure: Failure, replaced: Sequence[ReplacedId] = ()) -> str:
    """Return what to do about a failed migration; ``replaced`` are the ids that this change replaces."""
    if failure.variables:
        return set_variables(failure.variables)
    if failure.kind is FailureKind.TIMEOUT and failure.statement is None:
        return (
            "Check the Python code of the migration: no SQL statement was running. It may wait for a service or for "
            "input. Set a higher --timeout if it is only slow."
        )
    if failure.kind is FailureKind.TIMEOUT and "another connection of the same migration run" in failure.message:
        return "Run the statement on the migration's own connection, op.get_bind(), or commit the other one first."
    if failure.kind is FailureKind.TIMEOUT:
        return "Check what the statement waits for (below). Set a higher --timeout if it is only slow."
    if "Can't locate revision identified by" in failure.message:
        for pair in replaced:
            if f"'{pair.old}'" in failure.message:
                return f"Set the revision id of {pair.new} to {pair.old} again: deployed databases are at {pair.old}."
        return (
            "Restore the version file of that revision: deployed databases are at it. After a squash, set the id of "
            "the squashed revision to that id."
        )
    lacks = remedy_of(failure.message)
    if lacks is not None:
        return lacks
    writes_rows = failure.statement is not None and _WRITES_ROWS.match(failure.statement.sql) is not None
    if writes_rows and failure.sqlstate in _OF_ROWS:
        return _OF_ROWS[failure.sqlstate]
    if failure.sqlstate in REMEDIES:
        return REMEDIES[failure.sqlstate]
    if failure.kind is FailureKind.DIED:
        return "Run `alembic upgrade head` in the project to see the cause: the migration ended the Python process."
    return "Fix the migration at this line."


def remedy_for_old(failure: Failure) -> str:
    """Return what to do about a failure of the base's own revisions."""
    if failure.variables:
        return set_variables(failure.variables)
    lacks = remedy_of(failure.message) if failure.kind is FailureKind.DATABASE else None
    return lacks or f"{BETTER_BASE.removesuffix('.')}, if neither is set yet."
