"""Why a schema file cannot be used."""

from __future__ import annotations

DUMP = "pg_dump --schema-only --no-owner --no-privileges … > schema.sql"
AGAIN = f"Dump production's schema as plain SQL: {DUMP}"


class SchemaFileError(Exception):
    """The file cannot be used; ``str(error)`` is a clause without a full stop."""

    def __init__(self, clause: str, *, why: str = "", remedy: str = AGAIN) -> None:
        super().__init__(clause)
        self.why, self.remedy = why, remedy
