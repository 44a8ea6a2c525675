"""Recordings for the tests of check ``drift``: a project whose models and migrations differ."""

from __future__ import annotations

from typing import Any

from checks.recording.imports import ModelFiles
from checks.recording.models import Drift, Models
from checks.recording.tree import Environment, TreeRecording
from tests.unit.checks.schemas import column, models, schema_of, table

ENVIRONMENT = Environment(
    python="/venv/bin/python",
    python_version="3.12.1",
    alembic="1.20.1",
    sqlalchemy="2.1.9",
    driver="psycopg2 2.9",
    tables=2,
)
VERSIONS = table("alembic_version", column("version_num", type="character varying(32)", not_null=True))
EMPTY = schema_of(VERSIONS, table("t"))
NAMED = schema_of(table("t", column("a"), column("b", comment="note")))


def recording(head: Models | None = None, **more: Any) -> TreeRecording:
    drift = Drift(head=head if head is not None else models(EMPTY, NAMED), **more)
    return TreeRecording(path="alembic.ini", environment=ENVIRONMENT, drift=drift, model_files=ModelFiles())
