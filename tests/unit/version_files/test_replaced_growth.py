"""A whole history with other ids: the work of finding them grows as the history does."""

from __future__ import annotations

from action.version_files.edits import Side
from action.version_files.reading import read_graph
from action.version_files.replaced import replaced_ids
from tests.unit.checks.graph.counting import operations


def side(prefix: str, count: int) -> Side:
    """Return a line of revisions that only their parents and their code tell from each other."""
    files = {}
    for number in range(count):
        parent = repr(f"{prefix}{number - 1}") if number else None
        path = f"{prefix}/{prefix}{number}.py"
        ids = f"revision = '{prefix}{number}'\ndown_revision = {parent}\n"
        files[path] = f"{ids}\n\ndef upgrade():\n    op.drop_table('t{number}')\n".encode()
    return Side(read_graph(files.items()), files)


def test_the_work_grows_as_the_history_does() -> None:
    counted = {}
    for count in (50, 200):
        old, new = side("o", count), side("n", count)
        ids = [revision.id for revision in old.graph.revisions], [revision.id for revision in new.graph.revisions]
        found = replaced_ids(*ids, old, new)
        assert [(pair.old, pair.new) for pair in found] == list(zip(*ids, strict=True))
        counted[count] = operations(lambda: replaced_ids(*ids, old, new), "version_files") / count  # noqa: B023
    assert counted[200] / counted[50] < 1.3
