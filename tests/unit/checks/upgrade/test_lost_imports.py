"""Rule `removed-module`, on recordings made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.recording.lost_import import LostImport
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.upgrade.lost_imports import lost_imports
from tests.unit.checks.dsl import tree

GONE = LostImport(module="shop.seeds", path="migrations/versions/a.py", line=8, old_path="shop/seeds.py")
NOT_LOADED = Obstacle(kind=ObstacleKind.REMOVED_MODULE, message="…")


@pytest.mark.parametrize(
    ("lost", "message", "remedy"),
    [
        (
            GONE,
            "Revision a imports shop.seeds, but this change removes shop/seeds.py.",
            "Restore shop/seeds.py, or copy what the revision needs into its version file.",
        ),
        (
            replace(GONE, new_path="data/seeds.py"),
            "Revision a imports shop.seeds, but this change renames shop/seeds.py to data/seeds.py.",
            "Restore shop/seeds.py, or copy what the revision needs into its version file.",
        ),
        (
            replace(GONE, name="CITIES"),
            "Revision a imports CITIES from shop.seeds, but this change removes it from shop/seeds.py.",
            "Restore CITIES in shop/seeds.py, or copy what the revision needs into its version file.",
        ),
        (
            replace(GONE, path="shop/models.py"),
            "shop/models.py imports shop.seeds, but this change removes shop/seeds.py.",
            "Restore shop/seeds.py, or change the import.",
        ),
    ],
)
def test_what_is_lost_is_named_with_what_became_of_it(lost: LostImport, message: str, remedy: str) -> None:
    (finding,) = lost_imports(replace(tree("a"), lost_import=lost, obstacle=NOT_LOADED))
    assert (finding.rule, finding.severity, finding.message, finding.remedy) == (
        "removed-module",
        "error",
        message,
        remedy,
    )
    assert (finding.path, finding.line, finding.object) == (lost.path, 8, "shop.seeds")
    assert finding.why == (
        "Alembic imports every version file first, so no migration can run, in a deploy or on a new database."
    )


def test_an_import_as_the_revision_runs_fails_where_it_has_not_run_yet() -> None:
    (finding,) = lost_imports(replace(tree("a"), lost_import=GONE))
    assert finding.why == (
        "The revision fails on every database that has not run it yet. New databases cannot be created."
    )


def test_without_a_lost_import_there_is_no_finding() -> None:
    assert list(lost_imports(tree("a"))) == []
