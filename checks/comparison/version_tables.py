"""Recognize the version tables of Alembic: no model describes them, and no migration of ours drops one."""

from __future__ import annotations

from collections.abc import Mapping

from checks.recording.schema import SchemaObject


def is_version_table(columns: Mapping[str, SchemaObject]) -> bool:
    """Return whether a table has the one column of every version table, whatever its name and its schema are.

    A database can have several: of other Alembic environments, or one whose name or schema env.py has changed.
    """
    return list(columns) == ["version_num"] and str(columns["version_num"].attributes["type"]).startswith("character")
