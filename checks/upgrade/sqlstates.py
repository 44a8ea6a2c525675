"""What to do about a server's error in a migration, by its SQLSTATE (PostgreSQL's appendix A)."""

from __future__ import annotations

import re

from checks.recording.legs import Failure, FailureKind

# Newer servers say 0A000 to that, as they do to much else.
_NO_EXTENSION = re.compile(r'extension "[^"]*" is not available')
AUTOCOMMIT = "with op.get_context().autocommit_block():"
REMEDIES = {
    "25001": f"Put the statement into `{AUTOCOMMIT}`: it cannot run inside the transaction that Alembic opens.",
    "55P04": f"Add the enum value in a revision of its own, or in `{AUTOCOMMIT}`: PostgreSQL does not let a new value "
    "be used in the transaction that added it.",
    "42P07": "Something made this before: an earlier revision, or metadata.create_all() somewhere in the project. "
    "Make it in one place only.",
    "42710": "An earlier revision made this already; for an enum type, pass create_type=False to the later use, or "
    "create the type in one place only.",
    "42701": "The column is there already, from this revision or one before it: add it in one place only.",
    "42P01": "No earlier revision makes this table: check the order of the revisions (down_revision, depends_on) and "
    "the schema that the name is looked up in.",
    "42703": "No earlier revision makes this column under that name: check the spelling and the order of revisions.",
    "42704": "Nothing before this makes that type, role or constraint: create it in a revision that comes first; an "
    "extension's type needs CREATE EXTENSION before it.",
    "3F000": "Create the schema in a revision that comes before: op.execute('CREATE SCHEMA …').",
    "23502": "Rows are there: add the column as nullable, fill it, then set NOT NULL; or give it a server_default.",
    "23505": "Rows are there that are not unique: remove the duplicates in the migration before the constraint.",
    "55P03": "It waited for a lock longer than lock_timeout allows: another connection of the migration holds it.",
    "57014": "It ran longer than the project's own statement_timeout.",
    "58P01": "The server lacks the extension's files: let it run on one that has them, by `database-url` "
    "(--database-url; in a workflow, a container of `services:`).",
    "0A000": "This PostgreSQL does not support it: compare its version with that of your production server, and choose "
    "it with --postgres-version or --database-url.",
}


def remedy_for(failure: Failure) -> str:
    """Return what to do about a failed migration."""
    if failure.kind is FailureKind.TIMEOUT and failure.statement is None:
        return "It hangs in Python, outside any statement: it may wait for a service or for input. Or raise --timeout."
    if failure.kind is FailureKind.TIMEOUT:
        return "Find what the statement waits for (below); raise --timeout if it is only slow."
    if "Can't locate revision identified by" in failure.message:
        return (
            "Deployed databases are at a revision whose file is gone: put it back, or keep its id at the end of what "
            "takes its place (a squashed revision)."
        )
    if _NO_EXTENSION.match(failure.message):
        return REMEDIES["58P01"]
    if failure.sqlstate in REMEDIES:
        return REMEDIES[failure.sqlstate]
    if failure.kind is FailureKind.DIED:
        return "Something in the migration ended the interpreter: run `alembic upgrade` in the project to see it."
    return "Correct the migration at this line."
