"""The plan of a rehearsal on real projects: which legs are driven, and from where."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from action.postgres.databases import Databases
from checks.recording.absent import Absent
from checks.recording.legs import LegName, MadeBy
from checks.recording.models import Drift
from checks.recording.obstacles import ObstacleKind
from checks.recording.tree import NOT_COMPARED, Phase, TreeRecording
from tests.integration.rehearsal.rehearsing import rehearsed
from tests.projects import builder
from tests.projects.builder import BOOK, MODELS, Revision, tree

PAGES = Revision(id="b2", down="a1", upgrade='op.execute("ALTER TABLE book ADD COLUMN pages integer")')
WITH_PAGES = MODELS.replace('Column("title"', 'Column("pages", Integer), Column("title"')


def legs(recording: TreeRecording) -> list[tuple[LegName, tuple[str, ...], list[str]]]:
    return [(leg.name, leg.versions_after, [step.revision for step in leg.steps]) for leg in recording.legs]


def test_without_a_base_everything_is_applied_to_an_empty_database(tmp_path: Path, databases: Databases) -> None:
    builder.write(tmp_path, tree(BOOK, PAGES, models=WITH_PAGES))
    recording, watcher = rehearsed(tmp_path, databases)
    assert legs(recording) == [(LegName.EMPTY_TO_HEADS, ("b2",), ["a1", "b2"])]
    assert isinstance(recording.drift, Drift)
    assert (recording.drift.base, recording.drift.candidate) == (None, None)
    assert set(recording.seconds) == {Phase.APPLY, Phase.COMPARE}
    assert watcher.phases == ["importing the project", "applying the revisions", "comparing the models"]
    assert recording.environment is not None
    assert recording.environment.heads == ("b2",)


def test_what_is_new_is_applied_to_a_copy_of_the_base(tmp_path: Path, databases: Databases) -> None:
    builder.commit(tmp_path, tree(BOOK))
    builder.write(tmp_path, tree(BOOK, PAGES, models=WITH_PAGES))
    recording, watcher = rehearsed(tmp_path, databases, base="HEAD")
    assert legs(recording) == [
        (LegName.EMPTY_TO_BASE, ("a1",), ["a1"]),
        (LegName.BASE_TO_HEADS, ("b2",), ["b2"]),
    ]
    assert recording.legs[1].versions_before == ("a1",)
    assert watcher.advances == [(1, 1, "revisions"), (1, 1, "revisions")]


def test_an_edited_revision_is_run_from_empty_too(tmp_path: Path, databases: Databases) -> None:
    builder.commit(tmp_path, tree(BOOK))
    edited = Revision(id="a1", upgrade=builder.CREATE_BOOK + '\nop.execute("CREATE TABLE shelf (id integer)")')
    builder.write(tmp_path, tree(edited))
    recording, _ = rehearsed(tmp_path, databases, base="HEAD")
    assert [(leg.name, leg.failure) for leg in recording.legs] == [
        (LegName.EMPTY_TO_BASE, None),
        (LegName.BASE_TO_HEADS, None),
        (LegName.EMPTY_TO_HEADS, None),
    ]


def test_a_base_that_fails_from_empty_is_made_from_its_models(tmp_path: Path, databases: Databases) -> None:
    old = Revision(id="a1", upgrade='op.execute("ALTER TABLE legacy ADD COLUMN x integer")')
    builder.commit(tmp_path, tree(old))
    builder.write(tmp_path, tree(old, PAGES, models=WITH_PAGES))
    recording, _ = rehearsed(tmp_path, databases, base="HEAD")
    assert [(leg.name, leg.made_by, leg.failure is None) for leg in recording.legs] == [
        (LegName.EMPTY_TO_BASE, MadeBy.MIGRATIONS, False),
        (LegName.CREATE_BASE, MadeBy.MODELS, True),
        (LegName.BASE_TO_HEADS, MadeBy.MODELS, True),
    ]


def test_a_base_that_fails_from_empty_is_made_by_the_init_command(tmp_path: Path, databases: Databases) -> None:
    old = Revision(id="a1", upgrade='op.execute("ALTER TABLE legacy ADD COLUMN x integer")')
    script = """
    import os, psycopg2
    connection = psycopg2.connect("")
    connection.cursor().execute("CREATE TABLE book (id serial PRIMARY KEY, title varchar(200) NOT NULL)")
    connection.commit()
    connection.close()
    """
    builder.commit(tmp_path, tree(old), {"init.py": dedent(script)})
    builder.write(tmp_path, tree(old, PAGES, models=WITH_PAGES))
    recording, _ = rehearsed(tmp_path, databases, base="HEAD", init="python init.py")
    assert [(leg.name, leg.made_by, leg.failure) for leg in recording.legs][1:] == [
        (LegName.CREATE_BASE, MadeBy.INIT_COMMAND, None),
        (LegName.BASE_TO_HEADS, MadeBy.INIT_COMMAND, None),
    ]


def test_heads_that_are_not_reached_leave_nothing_to_compare(tmp_path: Path, databases: Databases) -> None:
    builder.write(tmp_path, tree(BOOK, Revision(id="b2", down="a1", upgrade='raise ValueError("no")')))
    recording, _ = rehearsed(tmp_path, databases)
    assert recording.legs[-1].failure is not None
    assert recording.drift == NOT_COMPARED
    assert set(recording.seconds) == {Phase.APPLY}


def test_a_project_that_does_not_load_has_no_legs(tmp_path: Path, databases: Databases) -> None:
    builder.write(tmp_path, tree(BOOK, models="import library_of_nowhere"))
    recording, _ = rehearsed(tmp_path, databases)
    assert recording.obstacle is not None
    assert recording.obstacle.kind is ObstacleKind.MISSING_MODULE
    assert (recording.legs, recording.environment, recording.seconds) == ((), None, {})


def test_a_base_whose_code_does_not_load_is_an_obstacle_of_its_own(tmp_path: Path, databases: Databases) -> None:
    builder.commit(tmp_path, tree(BOOK, models=MODELS + "\nimport library_of_nowhere"))
    edited = Revision(id="a1", upgrade=builder.CREATE_BOOK + '\nop.execute("CREATE TABLE shelf (id integer)")')
    builder.write(tmp_path, tree(edited))
    recording, _ = rehearsed(tmp_path, databases, base="HEAD")
    (leg,) = recording.legs
    assert (leg.name, leg.obstacle and leg.obstacle.kind) == (LegName.EMPTY_TO_BASE, ObstacleKind.NO_BASE)
    assert not isinstance(recording.changes, Absent)
