"""The round trip of each revision that is judged: on which databases it runs, and what is recorded of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from action.postgres.databases import Databases
from checks.recording.absent import Absent
from checks.recording.legs import LegName
from checks.recording.round_trips import RoundTrip
from checks.recording.tree import Phase, TreeRecording
from tests.integration.rehearsal.rehearsing import rehearsed
from tests.projects import multidb
from tests.projects.builder import BOOK, Revision, commit, git, tree, versions

PAGES = Revision(
    id="b2",
    down="a1",
    upgrade='op.add_column("book", sa.Column("pages", sa.Integer()))',
    downgrade='op.drop_column("book", "pages")',
)
LANGUAGE = replace(
    PAGES,
    id="c2",
    upgrade='op.add_column("book", sa.Column("language", sa.String(2)))',
    downgrade='op.drop_column("book", "language")',
)
MERGED = Revision(id="d3", down=("b2", "c2"))
KIND = """
kind = sa.Enum("new", "used", name="kind")
kind.create(op.get_bind())
op.add_column("book", sa.Column("kind", kind))
"""
READER = """
op.execute("CREATE ROLE undone_reader")
op.execute("GRANT SELECT ON book TO undone_reader")
"""
NO_READER = """
op.execute("REVOKE ALL ON book FROM undone_reader")
op.execute("DROP ROLE undone_reader")
"""


def changed(root: Path, main: tuple[Revision, ...], new: tuple[Revision, ...]) -> Path:
    """Commit revisions on main, and new ones on a branch."""
    commit(root, tree(*main))
    git(root, "checkout", "-q", "-b", "work")
    commit(root, versions(*new))
    return root


def trips(recording: TreeRecording) -> dict[str, RoundTrip]:
    assert not isinstance(recording.round_trips, Absent)
    return {trip.revision: trip for trip in recording.round_trips}


def outcome(trip: RoundTrip) -> tuple[bool, list[str], bool | None]:
    """Return whether it was undone, what that did not put back, and whether it could be applied again."""
    left = [f"{change.fate} {'.'.join(change.key.path)}" for change in trip.not_undone]
    again = True if trip.is_as_before else trip.redo.succeeded if trip.redo is not None else None
    return trip.undo is not None and trip.undo.succeeded, left, again


UNDONE: tuple[bool, list[str], bool] = (True, [], True)


def test_each_new_revision_is_undone_alone_also_at_a_branch_and_a_merge(tmp_path: Path, databases: Databases) -> None:
    recording, heard = rehearsed(
        changed(tmp_path, (BOOK,), (PAGES, LANGUAGE, MERGED)), databases, base="main", undoes=True
    )
    assert recording.judged == ("b2", "c2", "d3")
    found = trips(recording)
    assert {revision: outcome(trip) for revision, trip in found.items()} == dict.fromkeys(("b2", "c2", "d3"), UNDONE)
    undo = found["b2"].undo  # the last one before the merge, in Alembic's order
    assert undo is not None
    assert (undo.name, set(undo.versions_before), undo.versions_after) == (LegName.UNDO, {"b2", "c2"}, ("c2",))
    assert [statement.sql for statement in undo.steps[0].statements] == ["ALTER TABLE book DROP COLUMN pages"]
    assert [change.key.path for change in found["b2"].changed] == [("public", "book", "pages")]
    merge = found["d3"].undo
    assert merge is not None
    assert (set(merge.versions_before), set(merge.versions_after)) == ({"d3"}, {"b2", "c2"})
    assert "undoing the revisions" in heard.phases
    assert recording.seconds[Phase.EXAMINE] > 0


def test_what_a_downgrade_leaves_is_seen_and_meets_the_next_upgrade(tmp_path: Path, databases: Databases) -> None:
    kind = replace(PAGES, upgrade=KIND, downgrade='op.drop_column("book", "kind")')
    recording, _ = rehearsed(changed(tmp_path, (BOOK,), (kind,)), databases, base="main", undoes=True)
    trip = trips(recording)["b2"]
    assert outcome(trip) == (True, ["came public.kind"], False)
    assert trip.redo is not None
    assert trip.redo.failure is not None
    assert trip.redo.failure.message == 'type "kind" already exists'
    assert [change.key.path for change in trip.changed] == [("public", "book", "kind"), ("public", "kind")]


def test_a_revision_that_wrote_rows_is_applied_again_over_those_that_stayed(
    tmp_path: Path, databases: Databases
) -> None:
    seed = replace(PAGES, upgrade="op.execute(\"INSERT INTO book VALUES (1, 'Emma')\")", downgrade="pass")
    recording, _ = rehearsed(changed(tmp_path, (BOOK,), (seed,)), databases, base="main", undoes=True)
    trip = trips(recording)["b2"]
    assert outcome(trip) == (True, [], False)
    assert trip.redo is not None
    assert trip.redo.failure is not None
    assert trip.redo.failure.sqlstate == "23505"


def test_a_failed_downgrade_is_recorded_with_its_line(tmp_path: Path, databases: Databases) -> None:
    wrong = replace(PAGES, downgrade='op.drop_column("book", "page_count")')
    recording, _ = rehearsed(changed(tmp_path, (BOOK,), (wrong,)), databases, base="main", undoes=True)
    undo = trips(recording)["b2"].undo
    assert undo is not None
    assert undo.failure is not None
    assert (undo.failure.revision, undo.failure.sqlstate) == ("b2", "42703")
    assert undo.failure.statement is not None
    assert [(frame.path, frame.function) for frame in undo.failure.statement.frames] == [
        ("migrations/versions/b2_.py", "downgrade")
    ]


def test_a_role_of_the_whole_server_is_made_and_dropped_on_the_copy(tmp_path: Path, databases: Databases) -> None:
    reader = replace(PAGES, upgrade=READER, downgrade=NO_READER)
    then = replace(LANGUAGE, down="b2")
    try:
        recording, _ = rehearsed(changed(tmp_path, (BOOK,), (reader, then)), databases, base="main", undoes=True)
    finally:
        for name in databases.names:
            databases.drop(name)
        databases.drop_new_roles()
    found = trips(recording)
    assert {revision: outcome(trip) for revision, trip in found.items()} == dict.fromkeys(("b2", "c2"), UNDONE)
    assert [change.key.path for change in found["b2"].changed] == [("public", "book", "undone_reader")]


def test_the_whole_history_is_judged_where_that_is_asked_for(tmp_path: Path, databases: Databases) -> None:
    old = replace(PAGES, downgrade="pass")
    root = changed(tmp_path, (replace(BOOK, downgrade='op.drop_table("book")'), old), (replace(LANGUAGE, down="b2"),))
    recording, _ = rehearsed(root, databases, base="main", undoes=True, all_revisions=True)
    assert {revision: outcome(trip) for revision, trip in trips(recording).items()} == {
        "a1": UNDONE,
        "b2": (True, ["came public.book.pages"], False),
        "c2": UNDONE,
    }
    recording, _ = rehearsed(root, databases, undoes=True, start_after=("a1",))
    assert recording.judged == ("b2", "c2")
    assert list(trips(recording)) == ["b2", "c2"]


def test_nothing_is_undone_that_nobody_asked_for_or_that_did_not_apply(tmp_path: Path, databases: Databases) -> None:
    root = changed(tmp_path, (BOOK,), (replace(PAGES, upgrade='op.execute("SELECT * FROM nowhere")'),))
    recording, heard = rehearsed(root, databases, base="main", undoes=True)
    assert isinstance(recording.round_trips, Absent)
    assert recording.judged == ("b2",)
    assert "undoing the revisions" not in heard.phases
    recording, heard = rehearsed(root, databases, undoes=True)
    assert recording.judged == ()
    assert "undoing the revisions" not in heard.phases


def test_every_database_of_an_env_py_counts(tmp_path: Path, databases: Databases) -> None:
    commit(tmp_path, multidb.tree(multidb.START))
    git(tmp_path, "checkout", "-q", "-b", "work")
    commit(tmp_path, multidb.revision("b2", "a1", "pass", multidb.RETURN))
    recording, _ = rehearsed(tmp_path, databases, base="main", undoes=True)
    assert outcome(trips(recording)["b2"]) == (True, ["came public.returned"], False)
