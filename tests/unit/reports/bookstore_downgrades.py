"""What came of undoing three new revisions of the bookstore: one fails, one is empty, one leaves something."""

from __future__ import annotations

from dataclasses import replace

from checks.recording.legs import Failure, FailureKind, Leg, LegName, Statement, Step
from checks.recording.places import Frame
from checks.recording.revisions import Changes, DowngradeText, Revision
from checks.recording.round_trips import RoundTrip
from checks.recording.schema import ObjectChange, SchemaObject
from checks.recording.tree import Recording
from tests.unit.checks import schemas
from tests.unit.reports import bookstore_recordings as recordings
from tests.unit.reports.bookstore_revisions import REVIEW

STATES, UNIQUE, RATING = "c50a7f9e2b14", "d61b80af3c25", "e72c91ba4d36"
_LINE = 31


def _revision(id_: str, parent: str, message: str, *, is_empty: bool = False) -> Revision:
    return Revision(
        id=id_,
        path=f"migrations/versions/{id_}_{message.replace(' ', '_')}.py",
        line=15,
        down_revision_line=16,
        down_revisions=(parent,),
        message=message,
        downgrade=DowngradeText(line=_LINE, is_empty=is_empty),
    )


NEW = (
    _revision(STATES, REVIEW, "add states"),
    _revision(UNIQUE, STATES, "unique titles"),
    _revision(RATING, UNIQUE, "add rating", is_empty=True),
)


def _leg(name: LegName, revision: Revision, *sql: str, failure: Failure | None = None) -> Leg:
    statements = tuple(Statement(sql=one, seconds=0.01, committed=True) for one in sql)
    there = revision.down_revisions if name is LegName.UNDO else (revision.id,)
    step = Step(revision=revision.id, seconds=0.01, statements=statements)
    return Leg(name=name, target=there, steps=(step,), versions_after=there, failure=failure)


def _frame(revision: Revision, function: str, line: int) -> Frame:
    return Frame(path=revision.path, line=line, function=function)


def _came(item: SchemaObject) -> ObjectChange:
    return ObjectChange(before=None, after=item)


def _of_book(item: SchemaObject) -> SchemaObject:
    return replace(item, schema="public", table="book")


def _states() -> RoundTrip:
    enum = SchemaObject(
        kind="enum", schema="public", table=None, name="state", attributes={"values": ("new", "used"), "comment": None}
    )
    whole = {"unique": False, "valid": True, "is_partition": False, "comment": None, "tablespace": None}
    index = _of_book(
        SchemaObject(
            kind="index", schema="", table="", name="ix_book_isbn",
            attributes={**whole, "definition": "USING btree (isbn) WHERE (isbn IS NOT NULL)", "columns": ("isbn",)},
        )
    )  # fmt: skip
    less = replace(index, attributes={**index.attributes, "definition": "USING btree (isbn)"})
    again = Statement(
        sql="CREATE TYPE state AS ENUM ('new', 'used')", frames=(_frame(NEW[0], "upgrade", 22),), transaction=1
    )
    failure = Failure(
        kind=FailureKind.DATABASE,
        message='type "state" already exists',
        revision=STATES,
        statement=again,
        error="ProgrammingError",
        sqlstate="42710",
    )
    return RoundTrip(
        revision=STATES,
        changed=(_came(enum), ObjectChange(before=index, after=None)),
        undo=_leg(LegName.UNDO, NEW[0], "ALTER TABLE book DROP COLUMN state"),
        not_undone=(_came(enum), ObjectChange(before=index, after=less)),
        redo=_leg(LegName.REDO, NEW[0], failure=failure),
    )


def _unique() -> RoundTrip:
    unique = _of_book(schemas.constraint("book_title_key", "unique", "UNIQUE (title)", "title"))
    failure = Failure(
        kind=FailureKind.PYTHON,
        message="Can't emit DROP CONSTRAINT for constraint Constraint(); it has no name",
        revision=UNIQUE,
        frames=(_frame(NEW[1], "downgrade", _LINE + 1),),
        error="CompileError",
        traceback='  op.drop_constraint(None, "book", type_="unique")\nsqlalchemy.exc.CompileError: it has no name\n',
    )
    undo = _leg(LegName.UNDO, NEW[1], failure=failure)
    return RoundTrip(revision=UNIQUE, changed=(_came(unique),), undo=undo)


def _rating() -> RoundTrip:
    rating = _came(_of_book(schemas.column("rating", type="integer")))
    return RoundTrip(
        revision=RATING,
        changed=(rating,),
        undo=_leg(LegName.UNDO, NEW[2]),
        not_undone=(rating,),
        redo=_leg(LegName.REDO, NEW[2]),
    )


def downgrades() -> Recording:
    """Return a run on a pull request whose revisions apply, but are not undone."""
    whole = recordings.all_green()
    (tree,) = whole.trees
    assert isinstance(tree.round_trips, tuple)
    assert isinstance(tree.changes, Changes)
    changes = replace(
        tree.changes,
        new=(REVIEW, *(revision.id for revision in NEW)),
        merged_graph=replace(tree.graph, revisions=(*tree.graph.revisions, *NEW)),
    )
    leg = tree.legs[1]
    steps = (*leg.steps, *(Step(revision=revision.id, seconds=0.02) for revision in NEW))
    applied = replace(leg, target=(RATING,), steps=steps, versions_after=(RATING,))
    assert tree.environment is not None
    done = replace(
        tree,
        graph=changes.merged_graph,
        changes=changes,
        environment=replace(tree.environment, heads=(RATING,)),
        legs=(tree.legs[0], applied),
        judged=changes.new,
        round_trips=(*tree.round_trips, _states(), _unique(), _rating()),
    )
    return replace(whole, trees=(done,))
