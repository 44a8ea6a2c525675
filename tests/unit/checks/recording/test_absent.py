"""The reason why a value is not there: never taken for the value, also not after it was a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.documents import recording as document
from checks.recording.absent import Absent
from checks.recording.models import Candidate, Drift, Models
from checks.recording.revisions import Changes, Graph
from checks.recording.schema import Schema
from checks.recording.tree import Recording, TreeRecording

WHY = Absent(reason="The clone is shallow.")
CHANGES = Changes(
    base="main",
    base_sha="b" * 40,
    merge_base_sha="f" * 40,
    base_graph=Graph(),
    fork_graph=Graph(),
    merged_graph=Graph(),
)
MODELS = Models(migrated=Schema(), modelled=Schema())
CANDIDATE = Candidate(path="versions/x.py", content="", revision="x", empty=True, repaired=Schema())


def test_it_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match=r"^use isinstance\(value, Absent\): neither a value nor an Absent is false$"):
        bool(WHY)


@pytest.mark.parametrize("changes", [CHANGES, WHY])
@pytest.mark.parametrize(
    "drift",
    [
        WHY,
        Drift(head=MODELS),
        Drift(head=Models(migrated=Schema(), modelled=WHY), base=WHY, candidate=WHY),
        Drift(head=MODELS, base=MODELS, candidate=CANDIDATE),
        Drift(
            head=MODELS,
            candidate=Candidate(path="versions/x.py", content="", revision="x", empty=False, repaired=WHY),
        ),
    ],
    ids=["absent", "nothing differs", "each part absent", "each part there", "not repaired"],
)
def test_a_value_and_its_absence_come_back_as_what_they_were(
    tmp_path: Path, changes: Changes | Absent, drift: Drift | Absent
) -> None:
    recording = Recording(trees=(TreeRecording(path="alembic.ini", changes=changes, drift=drift),))
    document.save(recording, tmp_path, tmp_path / "recording.json")
    (tree,) = document.load(tmp_path / "recording.json").trees
    assert (tree.changes, tree.drift) == (changes, drift)
    assert (type(tree.changes), type(tree.drift)) == (type(changes), type(drift))
