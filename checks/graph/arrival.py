"""Whether the recorded migration runs prove that every revision applies: each claim needs its observation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.graph.algorithms import ancestors, effective_heads
from checks.recording.absent import Absent
from checks.recording.deployed import Deployed
from checks.recording.legs import CodeOf, Leg, LegName, MadeBy
from checks.recording.revisions import Changes, Graph
from checks.recording.tree import TreeRecording

TO_BASE = (LegName.EMPTY_TO_BASE, LegName.CREATE_BASE)
TO_HEADS = (LegName.EMPTY_TO_HEADS, LegName.CREATE_BASE)


def unproven(recording: TreeRecording) -> str | None:
    """Return the first thing that no migration run proves, in a sentence; None where all is proven.

    Runs that failed prove nothing; whether they may fail is not judged here.
    """
    return unarrived(recording) or next(_anew(recording), None)


def unarrived(recording: TreeRecording) -> str | None:
    """Return what is not proven of the way to the database that the models are compared with; None where all is."""
    return next(_gaps(recording), None)


def _gaps(recording: TreeRecording) -> Iterator[str]:
    environment, changes = recording.environment, recording.changes
    if environment is None:
        yield "The interpreter that ran the migrations is not known."
        return
    found = set(effective_heads(recording.graph))
    if not recording.graph.unreadable and set(environment.heads) != found:
        yield f"Alembic has the heads {_named(environment.heads)}, but the version files have {_named(found)}."
    if isinstance(changes, Absent):
        yield from _whole(recording)
    elif recording.deployed is None:
        yield "It is not known whose code created the base schema."
    elif not _is_deployed_apart(changes, recording.deployed):
        yield from _whole(recording)
    else:
        yield from _in_two(recording, changes, recording.deployed)


def _is_deployed_apart(changes: Changes, deployed: Deployed) -> bool:
    """Return whether the deployed schema and the new revisions are two runs, as a deploy makes them."""
    differs = changes.new or changes.reworked or changes.removed or deployed.code is CodeOf.BASE
    return bool(differs and changes.fork_graph.revisions)


def _whole(recording: TreeRecording) -> Iterator[str]:
    created = next((leg for leg in recording.legs if leg.name is LegName.CREATE_BASE), None)
    if created is not None and created.made_by is MadeBy.SCHEMA_FILE and isinstance(recording.changes, Absent):
        yield from _from_schema_file(recording)
        return
    leg = _arrived(recording, TO_HEADS, effective_heads(recording.graph))
    if leg is None:
        yield f"No migration run reached {_named(effective_heads(recording.graph))}."
    elif leg.name is not LegName.CREATE_BASE:
        yield from _not_run(leg, (revision.id for revision in recording.graph.revisions))


def _from_schema_file(recording: TreeRecording) -> Iterator[str]:
    """Yield what is not proven where no base is known: what the rows of the file do not hold is new."""
    base = _arrived(recording, (LegName.CREATE_BASE,), ())
    deploy = _arrived(recording, (LegName.BASE_TO_HEADS,), effective_heads(recording.graph))
    if base is None or deploy is None or set(deploy.versions_before) != set(base.versions_after):
        yield f"No migration run reached {_named(effective_heads(recording.graph))} from the schema file."


def _in_two(recording: TreeRecording, changes: Changes, deployed: Deployed) -> Iterator[str]:
    base = _arrived(recording, TO_BASE, effective_heads(changes.fork_graph))
    deploy = _arrived(recording, (LegName.BASE_TO_HEADS,), effective_heads(recording.graph))
    if base is None:
        yield f"No migration run reached the base's {_named(effective_heads(changes.fork_graph))}."
    elif base.code is not deployed.code:
        yield "The base schema was not created by the code that creates the deployed one."
    elif deploy is None:
        yield f"No migration run reached {_named(effective_heads(recording.graph))} from the base."
    elif set(deploy.versions_before) != set(base.versions_after):
        yield "The new revisions did not start from the base's schema."
    else:
        yield from _not_run(deploy, changes.new)


def _anew(recording: TreeRecording) -> Iterator[str]:
    """Yield what is not proven of a new database, where it runs other code than the deployed ones did."""
    changes, deployed = recording.changes, recording.deployed
    if isinstance(changes, Absent) or deployed is None or not _is_deployed_apart(changes, deployed):
        return
    base = _arrived(recording, TO_BASE, effective_heads(changes.fork_graph))
    replayed = base is not None and base.made_by is MadeBy.MIGRATIONS and deployed.code is CodeOf.BASE
    if not changes.reworked and not replayed:
        return
    again = _arrived(recording, (LegName.EMPTY_TO_HEADS,), effective_heads(recording.graph))
    if again is None:
        what = _named(changes.reworked) if changes.reworked else "all revisions"
        yield f"No migration run applied {what} to an empty database."
    else:
        yield from _not_run(again, changes.reworked)
    if replayed and recording.two_ways is None:
        yield "A new database was not compared with a deployed one."


def _arrived(recording: TreeRecording, names: Iterable[LegName], wanted: Iterable[str]) -> Leg | None:
    """Return the last run of these names that reached its target and the wanted heads, by the version table's rows."""
    legs = [leg for leg in recording.legs if leg.name in names and leg.succeeded and _is_of_all(recording, leg)]
    graph = _all(recording)
    for leg in reversed(legs):
        rows = frozenset(leg.versions_after)
        applied = rows | ancestors(graph, *rows, dependencies=True)
        if leg.target and applied >= {*leg.target, *wanted} and all(step.seconds is not None for step in leg.steps):
            return leg
    return None


def _is_of_all(recording: TreeRecording, leg: Leg) -> bool:
    """Return whether each of the other databases that env.py migrates has the rows of the first."""
    engines = recording.environment.engines if recording.environment else ()
    agree = all(set(rows) == set(leg.versions_after) for rows in leg.others_after)
    # The code of the base may have migrated fewer of them.
    complete = len(leg.others_after) == max(0, len(engines) - 1) or (leg.code is CodeOf.BASE and bool(engines))
    return agree and complete


def _all(recording: TreeRecording) -> Graph:
    """Return the revisions of the working tree, and those that only the base has."""
    changes = recording.changes
    graphs = (recording.graph,) if isinstance(changes, Absent) else (recording.graph, changes.fork_graph)
    found = {revision.id: revision for graph in reversed(graphs) for revision in graph.revisions}
    return Graph(revisions=tuple(found.values()))


def _not_run(leg: Leg, wanted: Iterable[str]) -> Iterator[str]:
    ran = {step.revision for step in leg.steps}
    missing = [id_ for id_ in wanted if id_ not in ran]
    if missing:
        yield f"No migration run applied {_named(missing)}: the databases that it ran on count it as applied already."


def _named(ids: Iterable[str]) -> str:
    listed = sorted(ids)
    return ", ".join(listed[:3]) + (", ..." if len(listed) > 3 else "") or "no revision"
