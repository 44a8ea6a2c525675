"""Write a statement so that it can run again over what it has already done."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from checks.recording.legs import Statement
from checks.sql import LEADING, execute, literal, quoted

_NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)(?:\.(?:"(?:[^"]|"")+"|[\w$]+))?'
_SIMPLE = re.compile(r"[a-z_][a-z0-9_]*")
_INDEX = re.compile(
    rf"CREATE (UNIQUE )?INDEX (CONCURRENTLY )?(?:IF NOT EXISTS )?({_NAME}) ON (?:ONLY )?({_NAME}) (.*)", re.I | re.S
)
_COLUMNS = re.compile(r"(?:USING btree )?\(([\w, ]+)\)", re.I)
_REINDEX = re.compile(rf"REINDEX (?:\([^)]*\) )?INDEX CONCURRENTLY ({_NAME})", re.I)
_DETACH = re.compile(rf"ALTER TABLE (?:IF EXISTS )?(?:ONLY )?({_NAME}) DETACH PARTITION ({_NAME}) CONCURRENTLY", re.I)
_TABLE = re.compile(rf"CREATE (?:UNLOGGED )?TABLE ({_NAME}) ?\(", re.I)
_CONSTRAINT = re.compile(
    rf"ALTER TABLE (?:IF EXISTS )?(?:ONLY )?({_NAME}) ADD CONSTRAINT ({_NAME}) (?!.*, ADD )", re.I | re.S
)
_ALTER = rf"ALTER TABLE (?:IF EXISTS )?(?:ONLY )?{_NAME} "
_IF, _IF_NOT = "IF EXISTS ", "IF NOT EXISTS "
_INSERTED = (
    (rf"({_ALTER}ADD (?:COLUMN )?)(?!IF NOT |COLUMN |CONSTRAINT|PRIMARY|UNIQUE|FOREIGN|CHECK|EXCLUDE)", _IF_NOT),
    (rf"({_ALTER}DROP (?:COLUMN |CONSTRAINT )?)(?!IF EXISTS|COLUMN |CONSTRAINT )", _IF),
    (rf"(ALTER TYPE {_NAME} ADD VALUE )(?!IF NOT )", _IF_NOT),
    (r"(CREATE (?:SCHEMA|EXTENSION|SEQUENCE|MATERIALIZED VIEW|STATISTICS) )(?!IF NOT )", _IF_NOT),
    (r"(CREATE )(?=(?:VIEW|FUNCTION|PROCEDURE|TRIGGER) )", "OR REPLACE "),
    (r"(DROP INDEX CONCURRENTLY )(?!IF EXISTS)", _IF),
    (r"(DROP (?:MATERIALIZED VIEW|FOREIGN TABLE|(?!INDEX CONC|MATERIALIZED|FOREIGN|OWNED)[A-Z]+) )(?!IF EXISTS)", _IF),
)
_REPEATS = "VALIDATE|ALTER|SET|RESET|ENABLE|DISABLE|OWNER"
_UNCHANGED = re.compile(
    "|".join(
        (
            r"CREATE (?:OR REPLACE|.*?IF NOT EXISTS)",
            r"DROP .*?IF EXISTS",
            rf"{_ALTER}(?:ADD (?:COLUMN )?IF NOT|DROP (?:COLUMN |CONSTRAINT )?IF|{_REPEATS})",
            rf"ALTER TYPE {_NAME} ADD VALUE IF NOT",
            "COMMENT|GRANT|REVOKE|ANALYZE|VACUUM|REFRESH|REINDEX|TRUNCATE|DELETE|UPDATE|SELECT|WITH",
        )
    ),
    re.I | re.S,
)
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|\$\d+|(?<!:):\w+")
_SHORT = 200
"""Most characters of a statement that is written out where an operation could stand for it."""
_CREATE_INDEX, _CREATE_TABLE = (1, 12), (1, 13, 3)
"""The versions of Alembic from which the operations have ``if_not_exists``."""
Version: TypeAlias = tuple[int, ...]


def version(text: str) -> Version:
    """Return the numbers of a version such as ``1.13.3``."""
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def repeatable(statement: Statement, alembic: Version, *, inserts: bool) -> tuple[str, ...] | None:
    """Return the lines of Python in place of a statement; none where it can stay, None where there is no such form.

    ``inserts``: whether a unique key keeps the rows of an INSERT from being written twice.
    """
    sql = plain(statement.sql)
    forms: tuple[Callable[[str, Version], tuple[str, ...] | None], ...] = (
        _index,
        _reindex,
        _detach,
        _constraint,
        _table,
    )
    for form in forms:
        found = form(sql, alembic)
        if found is not None:
            return found
    for pattern, words in _INSERTED:
        if re.match(pattern, sql, re.I):
            return (execute(re.sub(pattern, rf"\1{words}", sql, count=1, flags=re.I)),)
    if re.match(r"INSERT\b", sql, re.I):
        return _insert(sql) if inserts else None
    return () if _UNCHANGED.match(sql) else None


def plain(sql: str) -> str:
    """Return a statement without comments at its beginning, with single blanks, and without a semicolon at its end."""
    return re.sub(r"\s+", " ", re.sub(LEADING, "", sql, count=1)).strip().rstrip("; ")


def index_of(sql: str) -> str | None:
    """Return the name of the index that a statement creates; None where it creates none."""
    found = _INDEX.match(plain(sql))
    return None if found is None else found[3].strip('"')


def _index(sql: str, alembic: Version) -> tuple[str, ...] | None:
    found = _INDEX.match(sql)
    if found is None:
        return None
    unique, concurrently, name, table, rest = found.groups()
    columns = _COLUMNS.fullmatch(rest)
    if columns is None or alembic < _CREATE_INDEX or not (_SIMPLE.fullmatch(name) and _SIMPLE.fullmatch(table)):
        schema = f"{table.rpartition('.')[0]}." if "." in table else ""
        if concurrently:
            bare = re.sub(r" CONCURRENTLY IF NOT EXISTS ", " CONCURRENTLY ", sql, count=1, flags=re.I)
            return execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema}{name}"), execute(bare)
        return (execute(re.sub(r" INDEX (?:IF NOT EXISTS )?", " INDEX IF NOT EXISTS ", sql, count=1, flags=re.I)),)
    listed = ", ".join(quoted(column.strip()) for column in columns[1].split(","))
    made = f"op.create_index({quoted(name)}, {quoted(table)}, [{listed}]{', unique=True' if unique else ''}"
    if not concurrently:
        return (f"{made}, if_not_exists=True)",)
    return (
        f"op.drop_index({quoted(name)}, table_name={quoted(table)}, if_exists=True, postgresql_concurrently=True)",
        f"{made}, postgresql_concurrently=True)",
    )


def _reindex(sql: str, alembic: Version) -> tuple[str, ...] | None:
    found = _REINDEX.match(sql)
    if found is None:
        return None
    name = found[1][:-1] + '_ccnew"' if found[1].endswith('"') else f"{found[1]}_ccnew"
    return execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}"), execute(sql)


def _detach(sql: str, alembic: Version) -> tuple[str, ...] | None:
    found = _DETACH.match(sql)
    if found is None:
        return None
    query = f"SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = to_regclass({literal(found[2])})"
    detaching = quoted(f"ALTER TABLE {found[1]} DETACH PARTITION {found[2]} ")
    return (
        f"pending = op.get_bind().scalar(sa.text({quoted(query)}))",
        "if pending is not None:  # it is still a partition",
        f'    op.execute({detaching} + ("FINALIZE" if pending else "CONCURRENTLY"))',
    )


def finalizing(sql: str) -> str | None:
    """Return the statement that ends an interrupted one which detaches a partition; None for any other."""
    found = _DETACH.match(plain(sql))
    return None if found is None else f"ALTER TABLE {found[1]} DETACH PARTITION {found[2]} FINALIZE;"


def _constraint(sql: str, alembic: Version) -> tuple[str, ...] | None:
    found = _CONSTRAINT.match(sql)
    if found is None:
        return None
    return execute(f"ALTER TABLE {found[1]} DROP CONSTRAINT IF EXISTS {found[2]}"), execute(sql)


def _table(sql: str, alembic: Version) -> tuple[str, ...] | None:
    found = _TABLE.match(sql)
    if found is None:
        return None
    if len(sql) > _SHORT and alembic >= _CREATE_TABLE and _SIMPLE.fullmatch(found[1]):
        return (f"op.create_table({quoted(found[1])}, ..., if_not_exists=True)  # ... stands for its columns",)
    return (execute(re.sub(r" TABLE ", " TABLE IF NOT EXISTS ", sql, count=1, flags=re.I)),)


def _insert(sql: str) -> tuple[str, ...]:
    if re.search(r"\bON CONFLICT\b", sql, re.I):
        return ()
    if _PLACEHOLDER.search(sql):
        table = re.sub(r"(?i)^INSERT INTO ([^\s(]+).*", r"\1", sql)
        return (
            "from sqlalchemy.dialects.postgresql import insert",
            f"op.execute(insert({table}).values(...).on_conflict_do_nothing())  # ... stands for its rows",
        )
    return (execute(f"{re.sub(r' RETURNING .*', '', sql, flags=re.I)} ON CONFLICT DO NOTHING"),)
