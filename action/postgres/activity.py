"""Reads the active statements of a database, just before a migration run that exceeds its time limit is ended."""

from __future__ import annotations

from typing import TypeAlias

from action.postgres.databases import Databases

QUERY = """
SELECT a.pid, coalesce(a.wait_event_type || ': ' || a.wait_event, 'working'), left(a.query, 500),
       array(SELECT left(b.query, 500) || ' (' || b.state || ', pid ' || b.pid || ')'
             FROM pg_stat_activity b WHERE b.pid = ANY (pg_blocking_pids(a.pid)))
FROM pg_stat_activity a
WHERE a.datname = ANY(%s) AND a.pid <> pg_backend_pid() AND a.state = 'active'
ORDER BY a.query_start
LIMIT 100
"""


WAITS = """
SELECT a.pid, a.query_start::text, b.pid, b.state_change::text
FROM pg_stat_activity a JOIN pg_stat_activity b ON b.pid = ANY (pg_blocking_pids(a.pid))
WHERE a.datname = ANY(%s) AND b.datname = ANY(%s) AND a.wait_event_type = 'Lock' AND b.state LIKE 'idle%%'
ORDER BY 1, 3
LIMIT 100
"""
Wait: TypeAlias = tuple[int, str, int, str]
"""A session and since when it waits; and the idle one that it waits for, and since when that is idle."""


def waits_for_itself(databases: Databases, database: str) -> list[Wait]:
    """Return the sessions of a database, and of those beside it, that wait for one that does nothing."""
    names = databases.with_companions(database)
    with databases.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(WAITS, (names, names))
        return cursor.fetchall()


def active_statements(databases: Databases, database: str) -> str:
    """Return each active statement of the database, what it waits for, and which statements block it."""
    with databases.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(QUERY, (databases.with_companions(database),))
        return "\n".join(_line(*row) for row in cursor.fetchall())


def _line(pid: int, waits: str, query: str, blockers: list[str]) -> str:
    line = f"pid {pid} ({waits}): {query}"
    return line + "".join(f"\n  blocked by: {blocker}" for blocker in blockers)
