"""The hook of env.py: what it did to the migration, and what it is called."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.operations import ops

from action.probe.revision_hook import HookFault, WatchedHook, is_empty
from action.probe.watching.frames import Places

HERE = Path(__file__)


class Clears:
    def __call__(self, context: object, revision: object, directives: list[object]) -> None:
        directives.clear()

    def method(self, context: object, revision: object, directives: list[object]) -> None:
        directives.clear()


def clears(context: object, revision: object, directives: list[object], option: str = "") -> None:
    del directives[:]


def script(*of_databases: list[ops.MigrateOperation]) -> Any:
    made: Any = ops.MigrationScript("a1", ops.UpgradeOps([]), ops.DowngradeOps([]))
    made._upgrade_ops = [ops.UpgradeOps(operations) for operations in of_databases]
    return made


def line(text: str) -> int:
    return next(n for n, read in enumerate(HERE.read_text().splitlines(), 1) if read.strip().startswith(text))


@pytest.mark.parametrize(
    ("hook", "name", "start"),
    [
        (clears, "clears", "def clears("),
        (functools.partial(functools.partial(clears, option="x")), "clears", "def clears("),
        (Clears().method, "Clears.method", "def method("),
        (Clears(), "Clears", "def __call__("),
        (lambda *given: given[2].clear(), "<lambda>", "(lambda *given"),
    ],
)
def test_whoever_removes_operations_is_named(hook: Callable[..., object], name: str, start: str) -> None:
    watched = WatchedHook(hook, Places(str(HERE.parent), []))
    with pytest.raises(HookFault) as raised:
        watched(None, "a1", [script([ops.ExecuteSQLOp("SELECT 1")])])
    assert str(raised.value) == (
        f"process_revision_directives ({name} at {HERE.name}:{line(start)})"
        " removed the migration that autogenerate wrote"
    )


def test_a_hook_that_is_not_the_project_s_has_its_name_alone() -> None:
    watched = WatchedHook(clears, Places("/nowhere", []))
    with pytest.raises(HookFault, match=r"^process_revision_directives \(clears\) removed the migration"):
        watched(None, "a1", [script([ops.ExecuteSQLOp("SELECT 1")])])


def test_an_empty_migration_of_several_databases_stays() -> None:
    directives = [script([], [])]
    kept = list(directives)
    WatchedHook(clears, Places(str(HERE.parent), []))(None, "a1", directives)
    assert directives == kept
    assert is_empty(directives[0])


def test_a_migration_is_not_empty_for_one_of_its_databases() -> None:
    assert not is_empty(script([], [ops.ExecuteSQLOp("SELECT 1")]))
