"""The kernel's count of processes that it ended for want of memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.session import out_of_memory


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n", 2),
        ("oom_kill_disable 0\nunder_oom 0\noom_kill 5\n", 5),
        ("nr_free_pages 1\noom_kill 0\n", 0),
        ("oom_kill_disable 0\nunder_oom 0\n", None),
        ("", None),
    ],
)
def test_counts_of_each_form(text: str, count: int | None, tmp_path: Path) -> None:
    (tmp_path / "events").write_text(text)
    assert out_of_memory._count(tmp_path / "events") == count


def test_a_machine_that_does_not_count(tmp_path: Path) -> None:
    assert out_of_memory._count(tmp_path / "none") is None
    assert out_of_memory.processes_ended() >= 0
