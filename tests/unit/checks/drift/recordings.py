"""Recordings for the tests of check ``drift``: a project whose models and migrations differ."""

from __future__ import annotations

from typing import Any

from checks.recording.imports import ModelFiles
from checks.recording.legs import Leg, LegName, Step
from checks.recording.models import Drift, Models
from checks.recording.revisions import Graph, Revision
from checks.recording.tree import Environment, TreeRecording
from tests.unit.checks.schemas import column, models, schema_of, table

ENVIRONMENT = Environment(
    python="/venv/bin/python",
    python_version="3.12.1",
    alembic="1.20.1",
    sqlalchemy="2.1.9",
    driver="psycopg2 2.9",
    heads=("a",),
    tables=2,
)
GRAPH = Graph(revisions=(Revision(id="a", path="versions/a.py", line=3, down_revision_line=4),))
LEG = Leg(
    name=LegName.EMPTY_TO_HEADS,
    target=("a",),
    steps=(Step(revision="a", seconds=0.1),),
    versions_after=("a",),
)
VERSIONS = table("alembic_version", column("version_num", type="character varying(32)", not_null=True))
EMPTY = schema_of(VERSIONS, table("t"))
NAMED = schema_of(table("t", column("a"), column("b", comment="note")))


def recording(head: Models | None = None, **more: Any) -> TreeRecording:
    drift = Drift(head=head if head is not None else models(EMPTY, NAMED), **more)
    return TreeRecording(
        path="alembic.ini", graph=GRAPH, environment=ENVIRONMENT, legs=(LEG,), drift=drift, model_files=ModelFiles()
    )
