"""The refusals of PostgreSQL that a superuser does not get: what to say about one is no failure of the project's."""

from __future__ import annotations

import re

WHY = (
    "Migrations run here as a role that owns the database and is no superuser, as in most deploys. So this proves "
    "nothing about a deploy that connects as a superuser."
)
FIX = (
    "Set `superuser: true` (--superuser) if your deploy connects as a superuser, or as a role that may do this. "
    "If an administrator does this in production, let `postgres-setup` (--postgres-setup) do it. Otherwise remove the "
    "statement: the deploy fails at it as well."
)
# insufficient_privilege; and that of dblink and postgres_fdw, for a connection without a password.
_STATES = ("42501", "2F003")
# Of PostgreSQL 13 to 18. What a REVOKE, a policy or a role of the project's own forbids is not among them.
_REFUSAL = re.compile(
    r"superuser"
    r"|^permission denied to "
    r"|^permission denied for (?:language|foreign-data wrapper|parameter|tablespace|function|procedure) "
    r'|^permission denied for (?:\w+ )+"?(?:pg_|information_schema|spatial_ref_sys)'
    r"|^permission denied: .* is a system (?:trigger|catalog)"
    r"|^must (?:be|have) "
    r"|^access to library ",
    re.IGNORECASE,
)
_TO_OWNER = re.compile(r"\bALTER\b[^;]*\bOWNER\s+TO\b|\bCREATE\s+SCHEMA\b[^;(]*\bAUTHORIZATION\b", re.IGNORECASE)
# Not the column of a table: UPDATE … SET role = 'admin'.
_ROLE = re.compile(
    r"(?:^|;|\b(?:BEGIN|THEN|PERFORM|SELECT))\s*(?:"
    r"(?P<reset>(?:SET\s+(?:SESSION\s+|LOCAL\s+)?ROLE\s+(?:=\s*|TO\s+)?(?:NONE|DEFAULT)"
    r"|SET\s+(?:SESSION\s+|LOCAL\s+)?SESSION\s+AUTHORIZATION\s+DEFAULT"
    r"|RESET\s+(?:ROLE|SESSION\s+AUTHORIZATION|ALL))\b)"
    r"|SET\s+(?P<local>LOCAL\s+)?(?:SESSION\s+)?(?:ROLE|AUTHORIZATION|SESSION\s+AUTHORIZATION)\b"
    r"|(?:pg_catalog\.)?set_config\s*\(\s*'(?:role|session_authorization)')",
    re.IGNORECASE,
)
# As psql prints an error, as psycopg and asyncpg name its class, and as pg8000 holds it.
_PRINTED = re.compile(
    r"(?:\bERROR:\s+(?:42501:\s+)?|InsufficientPrivilege(?:Error)?\W+|'C': '42501', 'M': [\"'])(?P<said>[^\n]+)"
)


def is_refusal(sqlstate: str | None, said: str, statement: str = "") -> bool:
    """Return whether an error is one that a superuser does not get; ``said`` is its message, detail and hint."""
    return sqlstate in _STATES and (_REFUSAL.search(said) is not None or _TO_OWNER.search(statement) is not None)


def refusal_in(text: str) -> str | None:
    """Return the message of such an error in the output of a program or the text of an exception."""
    for found in _PRINTED.finditer(text):
        rest = text[found.end() :].lstrip("\n").partition("\n")[0]
        hint = rest if rest.lstrip().startswith(("HINT:", "DETAIL:")) else ""
        if is_refusal("42501", f"{found['said']}\n{hint}"):
            return found["said"].strip()
    return None


def revokes(statement: str, said: str) -> bool:
    """Return whether a statement takes rights on the object away that a message names last."""
    name = said.partition("\n")[0].rpartition(" ")[2].strip('"')
    return re.search(rf"\bREVOKE\b.*\b{re.escape(name)}\b", statement, re.IGNORECASE | re.DOTALL) is not None


def changes_role(statement: str) -> tuple[bool, bool] | None:
    """Return whether a statement has become another role, and only for its transaction; None where it does neither."""
    found = list(_ROLE.finditer(statement))
    return (found[-1]["reset"] is None, found[-1]["local"] is not None) if found else None
