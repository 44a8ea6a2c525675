"""Everything that a verdict *passed* claims has its observation: taken out of a recording, nothing passes any more.

The walk is generic: it takes out each part of a recording that can be missing. A new field of the recording therefore
fails here until it is either judged, or listed in ``NO_CLAIM`` with the reason why no verdict rests on it.
docs/design.md, "What a pass claims", has the table for people.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from checks import CHECKS
from checks.findings import Verdict
from checks.judge import judge
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.deployed import TwoWays
from checks.recording.edit_runs import EditRun, Sameness
from checks.recording.legs import CodeOf
from checks.recording.revisions import Graph
from checks.recording.tree import Engine, Environment, FurtherServer, Recording, TreeRecording
from checks.recording.untouched import Untouched
from tests.unit.reports import bookstore_recordings as recordings
from tests.unit.reports.bookstore_revisions import START

NO_CLAIM = {
    "Recording.server": "names the server for the report",
    "Recording.servers": "names servers in sentences; what was recorded on each of them counts",
    "Recording.not_installed": "sentences about versions that are not there",
    "FurtherServer.server": "names the server for the report",
    "Recording.seconds": "times",
    "Recording.unsearched": "names places outside of what was judged; one that hides a config ends the run instead",
    "TreeRecording.version_locations": "names a folder in a sentence",
    "TreeRecording.seconds": "times",
    "TreeRecording.judged": "names revisions; a pass rests on the round trip of every new one",
    "Changes.reworked": "an edited revision is an error of history, suppressed in the one recording that has it",
    "Changes.edits": "an edit is a finding; a pass rests on the graphs, and on what was run of an edit that is there",
    "Edit.parts": "as the edit",
    "TreeRecording.output": "what the project printed",
    "TreeRecording.launcher": "a word of a command",
    "Changes.fetched": "a word of a command",
    "TreeRecording.dependencies_note": "a sentence for the report; what was imported is in `environment`",
    "ModelFiles.imported": "only a file that was not imported is a finding",
    "Deployed.differing": "names files in a sentence",
    "Models.locations": "the line that a finding points at",
    "Models.views": "tables that are left out of the comparison",
    "Models.hidden": "objects that are left out of the comparison",
    "Models.enums": "an enum that only the migrations create is a finding if it is not listed",
    "Models.sequences": "a sequence that only the migrations create is a finding if it is not listed",
}
WHOLE = ("Commit", "Revision", "Schema", "SchemaObject", "Step", "ServerUsed")
"""Taken out as a whole only: what one of them holds is what was read, and has no part that can be missing."""


def taken_out(value: Any, path: str = "", owner: str = "Recording.") -> Iterator[tuple[str, Any]]:
    """Yield each part's place and the value without it."""
    if isinstance(value, tuple):
        if value:
            yield path, ()
        for number, item in enumerate(value):
            if len(value) > 1:
                yield f"{path}[{number}]", value[:number] + value[number + 1 :]
            for place, less in taken_out(item, f"{path}[{number}]", owner):
                yield place, (*value[:number], less, *value[number + 1 :])
    elif dataclasses.is_dataclass(value) and not isinstance(value, (type, Absent)):
        kind = type(value).__name__
        for field in dataclasses.fields(value) if kind not in WHOLE else ():
            part, name = getattr(value, field.name), f"{kind}.{field.name}"
            if name in NO_CLAIM or part is None:
                continue
            place = f"{path}.{field.name}".lstrip(".")
            if (
                dataclasses.is_dataclass(part)
                and not isinstance(part, Absent)
                and ("None" in str(field.type) or "Absent" in str(field.type))
            ):
                missing = None if "Absent" not in str(field.type) else Absent(reason="It was taken out.")
                yield place, replace(value, **{field.name: missing})
            for inner, less in taken_out(part, place, name):
                yield inner, replace(value, **{field.name: less})


def verdict_of(recording: Recording) -> Verdict:
    return judge(recording, Policy(), CHECKS).verdict


def edited() -> Recording:
    """Return a run on an edited revision whose finding is suppressed, so that it passes: it has a run from empty."""
    (tree,) = recordings.history().trees
    green = recordings.all_green().trees[0]
    assert not isinstance(green.changes, Absent)
    changes = replace(green.changes, reworked=(START,))
    again = replace(tree.legs[2], steps=recordings.TO_BASE.steps + recordings.TO_HEADS.steps)
    legs = (replace(green.legs[0], code=CodeOf.BASE), *green.legs[1:], again)
    tree = replace(green, changes=changes, deployed=recordings.EDITED, legs=legs, two_ways=TwoWays())
    return Recording(trees=(tree,))


def altered() -> Recording:
    """Return a run on a change of a file that the base's revisions use, which makes no difference."""
    (tree,) = edited().trees
    (green,) = recordings.all_green().trees
    return Recording(trees=(replace(tree, changes=green.changes),))


def rewritten() -> Recording:
    """Return a run on an edited revision that was seen to do the same."""
    (tree,) = edited().trees
    (before,) = recordings.history().trees
    assert not isinstance(tree.changes, Absent)
    assert not isinstance(before.changes, Absent)
    edit = replace(before.changes.edits[0], revision=START)
    run = EditRun(revision=START, part="upgrade", sameness=Sameness.SAME_STATEMENTS, statements=1)
    return Recording(trees=(replace(tree, changes=replace(tree.changes, edits=(edit,)), edit_runs=(run,)),))


def several() -> Recording:
    """Return a run of an env.py that migrates two databases."""
    (tree,) = recordings.all_green().trees
    assert tree.environment is not None
    engines = tuple(Engine(name=name, tables=tree.environment.tables) for name in ("books", "loans"))
    legs = tuple(replace(leg, others_after=(leg.versions_after,)) for leg in tree.legs)
    environment = replace(tree.environment, engines=engines)
    return Recording(trees=(replace(tree, environment=environment, legs=legs, other_drifts=(tree.drift,)),))


def left_alone() -> Recording:
    """Return a run on a change that touches nothing of the Alembic environment, so that its migrations did not run."""
    (tree,) = recordings.all_green().trees
    assert not isinstance(tree.changes, Absent)
    same = replace(tree.changes, base_graph=tree.graph, fork_graph=tree.graph, merged_graph=tree.graph, new=())
    files = TreeRecording(path=tree.path, graph=tree.graph, changes=same, untouched=Untouched(files=9))
    return Recording(trees=(replace(files, base_expected=True),))


def on_two_servers() -> Recording:
    """Return a run on two servers."""
    one = recordings.all_green()
    names = ("PostgreSQL 17", "PostgreSQL 15")
    return replace(one, servers=names, further=(FurtherServer(name=names[1], server=one.server, trees=one.trees),))


PASSED = {
    "two servers": on_two_servers(),
    "a config that the change does not touch": left_alone(),
    "several databases": several(),
    "a pull request": recordings.all_green(),
    "without a base": recordings.no_base(),
    "an edited revision": edited(),
    "a revision that is written differently": rewritten(),
    "a file that the base's revisions use": altered(),
}
BASE_STEPS = "legs[0].steps"


def is_old_step(recording: Recording, place: str) -> bool:
    """Tell whether a place is that of a step which no claim rests on: a step of a revision that is not new.

    The rows of the version table prove that those applied.
    """
    return (BASE_STEPS in place and len(recording.trees[0].legs) > 1) or "legs[2].steps" in place


CASES = [
    (name, place, less)
    for name, whole in PASSED.items()
    for place, less in taken_out(whole)
    if not is_old_step(whole, place)
]


@pytest.mark.parametrize("name", PASSED)
def test_the_whole_passes(name: str) -> None:
    assert verdict_of(PASSED[name]) is Verdict.PASSED


@pytest.mark.parametrize(("name", "place", "less"), CASES, ids=[f"{name}: {place}" for name, place, _ in CASES])
def test_without_one_observation_nothing_passes(name: str, place: str, less: Recording) -> None:
    assert verdict_of(less) is not Verdict.PASSED


def test_the_walk_goes_everywhere() -> None:
    places = {place for name, place, _ in CASES if name == "a pull request"}
    legs = {f"trees[0].legs[{n}]{part}" for n in (0, 1) for part in ("", ".target", ".versions_after")}
    legs |= {"trees[0].legs[1].steps"}
    graphs = {f"trees[0].changes.{graph}.revisions[0]" for graph in ("fork_graph", "base_graph", "merged_graph")}
    others = {"graph.revisions", "changes", "environment", "drift", "drift.head.modelled", "drift.head.tables"}
    assert {"trees", *legs, *graphs, *(f"trees[0].{other}" for other in others)} <= places


def test_what_the_change_does_not_touch_is_not_run_and_says_so() -> None:
    report = judge(left_alone(), Policy(), CHECKS)
    reason = "Not run: none of the 9 files that this Alembic config uses has changed since main."
    found = {result.id: (result.status.value, result.reason, result.required) for _, result in report.results()}
    assert found == {
        "heads": ("passed", None, True),
        "history": ("passed", None, True),
        "upgrade": ("skipped", reason, False),
        "downgrade": ("skipped", reason, False),
        "loss": ("skipped", reason, False),
        "replay": ("skipped", reason, False),
        "drift": ("skipped", reason, False),
    }


def test_what_ran_or_has_new_revisions_is_not_left_alone() -> None:
    (green,), (alone,) = recordings.all_green().trees, left_alone().trees
    untouched = alone.untouched
    for tree in (replace(alone, changes=green.changes), replace(alone, legs=green.legs), replace(alone, graph=Graph())):
        assert verdict_of(Recording(trees=(replace(tree, untouched=untouched),))) is not Verdict.PASSED


BARE = TreeRecording(path="alembic.ini")
ENVIRONMENT = Environment(python="/p", python_version="3.12", alembic="1", sqlalchemy="2", driver="d", tables=3)


@pytest.mark.parametrize(
    "tree",
    [
        BARE,
        replace(BARE, environment=ENVIRONMENT),
        replace(recordings.all_green().trees[0], environment=None, obstacle=None, legs=()),
        replace(recordings.no_base().trees[0], graph=BARE.graph),
        replace(recordings.no_base().trees[0], graph=BARE.graph, legs=()),
    ],
    ids=["nothing", "only an environment", "no run", "no revision", "no revision and no run"],
)
def test_what_was_not_rehearsed_passes_neither_check(tree: TreeRecording) -> None:
    report = judge(Recording(trees=(tree,)), Policy(), CHECKS)
    status = {result.id: result.status.value for _, result in report.results()}
    assert (report.verdict, status["upgrade"], status["drift"]) == (Verdict.INCONCLUSIVE, "skipped", "skipped")
