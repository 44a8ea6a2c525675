"""Runs on the bookstore as they are recorded: what each pull request did, and what became of it."""

from __future__ import annotations

from dataclasses import replace

from checks.recording.absent import Absent
from checks.recording.deployed import TOGETHER, Deployed, TwoWays
from checks.recording.imports import ModelFiles
from checks.recording.legs import CodeOf, CopyableSql, CreateAll, Failure, FailureKind, Leg, LegName, Statement, Step
from checks.recording.losses import Loss
from checks.recording.models import Drift
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.places import Frame
from checks.recording.replays import Commit, Replays
from checks.recording.revisions import Changes, Graph, Suppression
from checks.recording.round_trips import RoundTrip
from checks.recording.server import ServerUsed
from checks.recording.tree import (
    NOT_COMPARED,
    NOT_COMPARED_BY_OID,
    NOT_REPLAYED,
    NOT_UNDONE,
    Environment,
    Phase,
    Recording,
    TreeRecording,
)
from tests.unit.reports import bookstore_replays
from tests.unit.reports import bookstore_revisions as revisions
from tests.unit.reports import bookstore_schemas as schemas
from tests.unit.reports.bookstore_revisions import PRICE, PUBLISHER, REVIEW, START, Bookstore

CONFIG = "alembic.ini"
ENVIRONMENT = Environment(
    python="/venv/bin/python",
    python_version="3.12.3",
    alembic="1.18.0",
    sqlalchemy="2.0.44",
    driver="psycopg 3.2.9",
    heads=(REVIEW,),
    tables=3,
)
SERVER = ServerUsed(version="17.2", kind="embedded", detail="PostgreSQL 17.2 from /usr/lib/postgresql/17/bin")
_STEP_SECONDS = {START: 0.31, PRICE: 4.21, PUBLISHER: 0.12, REVIEW: 0.04}
_APPLIED, _BROKE_OFF, _COMPARED = 9.13, 4.87, 2.04
"""Seconds of a tree's phases."""
SEEDED = Suppression(
    rules=("create-all-in-migration",), reason="only the tables of the test data, which nothing else makes", line=20
)
STALE = Suppression(rules=("multiple-heads",), reason="until the release branch is merged", line=21)


def recording(*trees: TreeRecording) -> Recording:
    """Return a run on these trees."""
    seconds = {"starting PostgreSQL": 0.4, "applying the revisions": 9.13, "comparing the models": 2.04, "total": 14.2}
    return Recording(trees=trees, server=SERVER, seconds=seconds)


def _tree(read: tuple[Graph, Changes], drift: Drift | Absent, *legs: Leg, path: str = CONFIG) -> TreeRecording:
    graph, changes = read
    reached = bool(legs) and legs[-1].succeeded
    folder = path.rpartition("/")[0]
    arrived = all(leg.succeeded for leg in legs)
    losses = tuple(Loss(revision=revision) for revision in changes.new)
    seconds = {Phase.APPLY: _BROKE_OFF if isinstance(drift, Absent) else _APPLIED}
    return TreeRecording(
        path=path,
        version_locations=(f"{folder}/migrations/versions".lstrip("/"),),
        graph=graph,
        changes=changes,
        base_expected=True,
        environment=ENVIRONMENT,
        deployed=TOGETHER,
        legs=legs,
        judged=changes.new,
        round_trips=tuple(map(_undone, changes.new)) if reached else NOT_UNDONE,
        losses=losses if arrived else NOT_COMPARED_BY_OID,
        replays=NOT_REPLAYED if isinstance(drift, Absent) else Replays(commits=(Commit(number=1, revision=REVIEW),)),
        drift=drift,
        model_files=ModelFiles(imported=("shop/models.py",)),
        seconds=seconds if isinstance(drift, Absent) else {**seconds, Phase.COMPARE: _COMPARED},
    )


_CREATE = "CREATE TABLE review (\n\tid SERIAL NOT NULL, \n\tbook_id INTEGER NOT NULL, \n\tPRIMARY KEY (id)\n)"
_CREATED = Statement(
    sql=_CREATE,
    frames=(Frame(path=f"migrations/versions/{REVIEW}_add_review_table.py", line=20, function="upgrade"),),
    seconds=0.01,
    transaction=1,
    committed=True,
    copyable=CopyableSql(statements=(_CREATE,)),
)


def _undone(revision: str) -> RoundTrip:
    """Return what came of undoing a revision that undoes all that it does."""
    drop = Statement(sql="DROP TABLE review", seconds=0.01, transaction=1, committed=True)
    step, parent, own = Step(revision=revision, seconds=0.02), (PUBLISHER,), (revision,)
    steps = (replace(step, statements=(drop,)),)
    undo = Leg(name=LegName.UNDO, target=parent, steps=steps, versions_after=parent)
    redo = Leg(name=LegName.REDO, target=own, steps=(step,), versions_after=own)
    return RoundTrip(revision=revision, undo=undo, redo=redo)


def _leg(name: LegName, *applied: str, start: tuple[str, ...] = ()) -> Leg:
    sent = {REVIEW: (_CREATED,)}
    steps = tuple(
        Step(revision=revision, seconds=_STEP_SECONDS[revision], statements=sent.get(revision, ()))
        for revision in applied
    )
    return Leg(name=name, target=applied[-1:], steps=steps, versions_before=start, versions_after=applied[-1:])


TO_BASE = _leg(LegName.EMPTY_TO_BASE, START, PRICE, PUBLISHER)
TO_HEADS = _leg(LegName.BASE_TO_HEADS, REVIEW, start=(PUBLISHER,))
TO_FORK = _leg(LegName.EMPTY_TO_BASE, START, PRICE)
ON_FROM_FORK = _leg(LegName.BASE_TO_HEADS, REVIEW, start=(PRICE,))
_REQUIRE_LINE = Frame(path="migrations/helpers.py", line=14, function="require")
_INDEX, _REFUSED = (
    "CREATE INDEX CONCURRENTLY ix_book_publisher_id ON book (publisher_id)",
    "ALTER TABLE book ALTER COLUMN publisher_id SET NOT NULL",
)
_ONLINE = Statement(sql=_INDEX, seconds=0.01, committed=True, copyable=CopyableSql(statements=(_INDEX,)))


def _failing(folder: str = "") -> Leg:
    """Return the leg that ends at a statement which the server refuses, below a helper, after one was committed."""
    line = Frame(path=f"{folder}migrations/versions/{REVIEW}_add_review_table.py", line=27, function="upgrade")
    helper = replace(_REQUIRE_LINE, path=f"{folder}{_REQUIRE_LINE.path}")
    copyable = CopyableSql(statements=(_REFUSED,))
    refused = Statement(sql=_REFUSED, frames=(line, helper), transaction=2, copyable=copyable)
    return Leg(
        name=LegName.BASE_TO_HEADS,
        target=(REVIEW,),
        steps=(Step(revision=REVIEW, seconds=None, statements=(_ONLINE, refused)),),
        failure=Failure(
            kind=FailureKind.DATABASE,
            message='column "publisher_id" of relation "book" contains null values',
            revision=REVIEW,
            statement=refused,
            error="NotNullViolation",
            sqlstate="23502",
        ),
        versions_before=(PUBLISHER,),
        versions_after=(PUBLISHER,),
        left_behind=(_ONLINE.sql,),
    )


EDITED = Deployed(code=CodeOf.BASE, because="This change edits or removes revisions of the base.")


def all_green() -> Recording:
    """Return a run that finds nothing."""
    return recording(_tree(revisions.up_to_date(Bookstore()), schemas.NOTHING_DIFFERS, TO_BASE, TO_HEADS))


def torn() -> Recording:
    """Return one where the pull request's revision does not run again after its deploy stopped half-way."""
    (tree,) = all_green().trees
    deploy = replace(TO_HEADS, steps=bookstore_replays.STEPS)
    return recording(replace(tree, legs=(TO_BASE, deploy), replays=bookstore_replays.torn()))


def missing_migration() -> Recording:
    """Return one where a column and its unique constraint were forgotten."""
    return recording(_tree(revisions.up_to_date(Bookstore()), schemas.isbn_missing(), TO_BASE, TO_HEADS))


def two_heads() -> Recording:
    """Return one where main got a revision of its own meanwhile."""
    return recording(_tree(revisions.behind(Bookstore()), schemas.NOTHING_DIFFERS, TO_FORK, ON_FROM_FORK))


def failing_upgrade() -> Recording:
    """Return one where the server refuses what the pull request's revision does."""
    return recording(_tree(revisions.up_to_date(Bookstore()), NOT_COMPARED, TO_BASE, _failing()))


def history() -> Recording:
    """Return one where main got a revision meanwhile, an old one was edited, and a migration is missing."""
    graph, changes = revisions.behind(Bookstore())
    edited = revisions.with_price_edited(Bookstore(), changes)
    again = _leg(LegName.EMPTY_TO_HEADS, START, PRICE, REVIEW)
    by_base = replace(TO_FORK, code=CodeOf.BASE)
    tree = _tree((graph, edited), schemas.isbn_missing(), by_base, ON_FROM_FORK, again)
    return recording(replace(tree, deployed=EDITED, two_ways=TwoWays(), edit_runs=(revisions.PRICE_RUN,)))


def no_base() -> Recording:
    """Return one at a terminal, where no base was named."""
    graph, _ = revisions.up_to_date(Bookstore())
    absent = Absent(reason="No base was named, so there is nothing to compare with.")
    everything = _leg(LegName.EMPTY_TO_HEADS, START, PRICE, PUBLISHER, REVIEW)
    tree = _tree(revisions.up_to_date(Bookstore()), schemas.NOTHING_DIFFERS, everything)
    tree = replace(tree, judged=(), round_trips=NOT_UNDONE, losses=NOT_COMPARED_BY_OID, replays=NOT_REPLAYED)
    return recording(replace(tree, graph=graph, changes=absent, base_expected=False, deployed=None))


def old_base() -> Recording:
    """Return one where the base could not be fetched."""
    graph, changes = revisions.up_to_date(Bookstore())
    note = (
        "main could not be fetched, so it was rebuilt from GitHub's patches, without later commits. "
        "Git says: fatal: unable to access 'https://github.example/acme/shop/': Could not resolve host."
    )
    read = graph, replace(changes, base_note=note)
    return recording(_tree(read, schemas.NOTHING_DIFFERS, TO_BASE, TO_HEADS))


def three_hundred_findings() -> Recording:
    """Return one where three hundred columns are in the models only."""
    return recording(_tree(revisions.up_to_date(Bookstore()), schemas.columns_missing(300), TO_BASE, TO_HEADS))


def unknown() -> Recording:
    """Return one where the project's settings want a variable, and the base could not be had."""
    absent = Absent(reason="The base main was not found: the clone is shallow and could not be deepened.")
    return recording(replace(_not_loaded(CONFIG, Bookstore()), changes=absent))


def ten_findings() -> Recording:
    """Return one on three trees: findings of every check, one that is silenced, and a project that does not load."""
    backend, billing = Bookstore(folder="backend/"), Bookstore(folder="billing/")
    return recording(
        _backend(backend), _billing(billing), _not_loaded("search/alembic.ini", Bookstore(folder="search/"))
    )


def _backend(tree: Bookstore) -> TreeRecording:
    graph, changes = revisions.behind(tree)
    made = _creating_all(ON_FROM_FORK, tree.review(PRICE).path, 6)
    again = replace(
        _leg(LegName.EMPTY_TO_HEADS, START, PRICE, REVIEW),
        steps=(*TO_FORK.steps, *made.steps),  # an edited revision makes the way from empty a leg of its own
    )
    read = graph, revisions.with_price_edited(tree, changes)
    drift = schemas.price_differs_too(tree.folder)
    return _tree(read, drift, TO_FORK, made, again, path="backend/alembic.ini")


def _billing(tree: Bookstore) -> TreeRecording:
    """Return a tree that fails, with a finding that is silenced for a reason and a silence that is for nothing."""
    failing = _creating_all(_failing(tree.folder), tree.review(PUBLISHER).path, 1)
    read = revisions.up_to_date(tree, SEEDED, STALE)
    return _tree(read, NOT_COMPARED, TO_BASE, failing, path="billing/alembic.ini:tenants")


def _creating_all(leg: Leg, path: str, tables: int) -> Leg:
    call = CreateAll(frames=(Frame(path=path, line=22, function="upgrade"),), tables=tables)
    return replace(leg, steps=tuple(replace(step, create_all=(call,)) for step in leg.steps))


def _not_loaded(path: str, tree: Bookstore) -> TreeRecording:
    """Return a tree whose env.py imports settings that are not set."""
    obstacle = Obstacle(
        kind=ObstacleKind.MISSING_SETTINGS,
        message="The project's settings need a variable that is not set: SEARCH_API_KEY.",
        why="env.py imports the settings, so no migration can run without them. Any value that they accept will do.",
        remedy="Add to the action's input `env`, one per line (or to [tool.alembic-checks.env]; "
        "at a terminal: --env):\n  SEARCH_API_KEY=…",
    )
    read = _tree(revisions.up_to_date(tree), NOT_COMPARED, path=path)
    return replace(read, environment=None, obstacle=obstacle, seconds={})
