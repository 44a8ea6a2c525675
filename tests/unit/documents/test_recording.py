"""Recordings as files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from action.documents import recording as recording_file
from action.errors import SettingsError
from checks.recording.absent import Absent
from checks.recording.legs import Failure, FailureKind, Leg, LegName, Statement, Step
from checks.recording.models import Drift, Models
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.places import Frame
from checks.recording.revisions import Changes, Edit, Graph, Revision, Unreadable
from checks.recording.schema import ObjectChange, Schema, SchemaObject
from checks.recording.server import ServerUsed
from checks.recording.tree import Environment, Recording, TreeRecording

STATEMENT = Statement(sql="SELECT '\x00é'", frames=(Frame(path="a.py", line=3, function="upgrade"),), seconds=0.5)
COLUMN = SchemaObject(
    kind="column",
    schema="public",
    table="book",
    name="isbn",
    attributes={"type": "text", "not_null": True, "position": 1, "default": None},
)
KEY = SchemaObject(
    kind="constraint",
    schema="public",
    table="book",
    name="book_pkey",
    attributes={"columns": ("id", "part, two"), "none": ()},
)
RECORDING = Recording(
    trees=(
        TreeRecording(
            path="alembic.ini",
            graph=Graph(revisions=(Revision(id="a1", path="v/a1.py", line=4, down_revision_line=5),)),
            changes=Changes(
                base="main",
                base_sha="b" * 40,
                merge_base_sha="f" * 40,
                base_graph=Graph(),
                fork_graph=Graph(),
                merged_graph=Graph(),
                edits=(Edit(revision="a1", parts=("upgrade",), line=9, old_path="v/a1.py", diff="-a\n+b"),),
                uncompared=(Unreadable(path="v/b2.py", line=None, reason="SyntaxError"),),
            ),
            environment=Environment(
                python="/p", python_version="3.12", alembic="1", sqlalchemy="2", driver="psycopg 3"
            ),
            obstacle=Obstacle(kind=ObstacleKind.TIMEOUT, message="m"),
            legs=(
                Leg(
                    name=LegName.EMPTY_TO_HEADS,
                    target=("a1",),
                    steps=(Step(revision="a1", seconds=None, statements=(STATEMENT,)),),
                    failure=Failure(kind=FailureKind.DATABASE, message="no", statement=STATEMENT),
                    changed=(
                        ObjectChange(before=None, after=COLUMN),
                        ObjectChange(before=KEY, after=replace(KEY, attributes={})),
                    ),
                ),
            ),
            drift=Drift(
                head=Models(
                    migrated=Schema(objects=(COLUMN,)),
                    modelled=Absent(reason="type x does not exist"),
                    tables=(("public", "book"),),
                    locations={"public.book": Frame(path="m.py", line=1, function="")},
                )
            ),
        ),
    ),
    server=ServerUsed(version="17.2", kind="embedded"),
    seconds={"total": 1.5},
)


def test_round_trip(tmp_path: Path) -> None:
    recording_file.save(RECORDING, tmp_path, tmp_path / "r.json")
    loaded = recording_file.load(tmp_path / "r.json")
    assert loaded == RECORDING
    # True == 1 in Python, so equality alone would not tell them apart.
    drift = loaded.trees[0].drift
    assert isinstance(drift, Drift)
    assert repr(drift.head.migrated.objects[0].attributes) == repr(COLUMN.attributes)
    assert repr(loaded.trees[0].legs[0].changed[1].before) == repr(KEY)


def test_another_version_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text('{"recording_version": 9, "trees": []}')
    with pytest.raises(SettingsError) as caught:
        recording_file.load(file)
    assert str(caught.value) == (
        "The recording_version is 9, but this version of alembic-checks reads 8.\n"
        "The fields of another version may have another meaning.\n"
        "Create the saved run again with this version of alembic-checks."
    )


def test_unknown_fields_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    recording_file.save(RECORDING, tmp_path, file)
    document = json.loads(file.read_text())
    document["trees"][0]["legs"][0]["speed"] = 3
    file.write_text(json.dumps(document))
    with pytest.raises(SettingsError, match=r"trees\.0\.legs\.0\.speed: Unexpected keyword argument"):
        recording_file.load(file)


def _without_reading(place: str) -> Any:
    """Return a way to put a value at a place of a document, or to take out what is there (``...``)."""
    *path, last = [int(part) if part.isdigit() else part for part in place.split(".")]

    def put(document: Any, value: object) -> None:
        for part in path:
            document = document[part]
        if value is ...:
            del document[last]
        else:
            document[last] = value

    return put


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        ("trees", [], "trees: no Alembic environment was recorded"),
        ("trees", ..., "trees: "),
        ("seconds", ..., "seconds: missing"),
        ("trees.0.legs", ..., "trees.0.legs: missing"),
        ("trees.0.legs.0.failure", ..., "trees.0.legs.0.failure: missing"),
        ("trees.0.legs.0.obstacle", ..., "trees.0.legs.0.obstacle: missing"),
        ("trees.0.obstacle", ..., "trees.0.obstacle: missing"),
        ("trees.0.drift", ..., "trees.0.drift: missing"),
        ("trees.0.changes", ..., "trees.0.changes: missing"),
        ("trees.0.changes.edits", ..., "trees.0.changes.edits: missing"),
        ("speed", 3, "speed: "),
        ("trees.0.speed", 3, "trees.0.speed: "),
        ("trees.0.drift.head.speed", 3, "speed: "),
        ("trees.0.changes.edits.0.speed", 3, "speed: "),
        ("trees.0.legs.0.name", "empty-to-moon", "trees.0.legs.0.name: "),
        ("trees.0.legs.0.failure.kind", "bad-luck", "trees.0.legs.0.failure.kind: "),
        ("trees.0.obstacle.kind", "bad-luck", "trees.0.obstacle.kind: "),
        ("trees.0.seconds", {"dream": 1.0}, "trees.0.seconds.dream"),
        ("trees.0.legs", {}, "trees.0.legs"),
        ("trees.0.legs", None, "trees.0.legs: "),
        (
            "trees.0.graph.revisions.0.line",
            "4",
            "trees.0.graph.revisions.0.line: not a value that alembic-checks writes",
        ),
        ("trees.0.base_expected", "yes", "trees.0.base_expected: not a value that alembic-checks writes"),
        ("trees.0.base_expected", 0, "trees.0.base_expected: not a value that alembic-checks writes"),
        ("trees.0.graph.revisions.0.id", 7, "trees.0.graph.revisions.0.id: "),
        ("trees.0", [], "trees.0: "),
    ],
)
def test_what_is_not_as_it_was_written_is_refused(place: str, value: object, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    recording_file.save(RECORDING, tmp_path, file)
    document = json.loads(file.read_text())
    _without_reading(place)(document, value)
    file.write_text(json.dumps(document))
    with pytest.raises(SettingsError) as caught:
        recording_file.load(file)
    what, why, fix = str(caught.value).splitlines()
    assert what.startswith("This saved run of alembic-checks is damaged: ")
    assert problem in what
    assert why == "The file was changed after it was written, or is incomplete."
    assert fix == "Create the saved run again."


def test_a_file_that_ends_too_early_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    recording_file.save(RECORDING, tmp_path, file)
    text = file.read_text()
    for length in (0, 1, len(text) // 2, len(text) - 3):
        file.write_text(text[:length])
        with pytest.raises(SettingsError, match="This file is not a saved run of alembic-checks"):
            recording_file.load(file)


def test_a_change_of_no_object_is_damage(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    recording_file.save(RECORDING, tmp_path, file)
    document = json.loads(file.read_text())
    document["trees"][0]["legs"][0]["changed"][0]["after"] = None
    file.write_text(json.dumps(document))
    with pytest.raises(SettingsError, match=r"changed\.0.*not two readings of one object"):
        recording_file.load(file)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file or directory"):
        recording_file.load(tmp_path / "none.json")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read: it is not UTF-8 text"):
        recording_file.load(tmp_path / "bytes")


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be written to .*: No such file or directory"):
        recording_file.save(RECORDING, tmp_path / "checkout", tmp_path / "none" / "none" / "r.json")


def test_no_link_of_the_checkout_is_followed(tmp_path: Path) -> None:
    (tmp_path / "ours").write_text("ours")
    (tmp_path / "r.json").symlink_to("ours")
    recording_file.save(RECORDING, tmp_path, tmp_path / "r.json")
    assert ((tmp_path / "ours").read_text(), (tmp_path / "r.json").is_symlink()) == ("ours", False)
