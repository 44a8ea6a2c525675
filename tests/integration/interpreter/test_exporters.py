"""Lock files of other tools, installed by these tools' own exports: the tools are installed by uv for one call each."""

from __future__ import annotations

import pytest

from tests.integration.interpreter import locks
from tests.integration.interpreter.conftest import VERSION, Machine


@pytest.mark.parametrize("tool", ["POETRY", "PDM", "PIPENV"])
def test_a_lock_is_exported_by_its_own_tool(tool: str, machine: Machine) -> None:
    files = getattr(locks, tool)
    machine.project.files(files)
    machine.env.clear()  # the tools come from the machine's own index
    machine.env["UV_CACHE_DIR"] = f"{machine.project.root.parent}/index/cache"
    before = sorted(machine.project.root.rglob("*"))
    prepared = machine.prepared()
    assert prepared.error is None, prepared.error.details
    assert machine.imported(prepared, "iniconfig", "pluggy") == ["installed/iniconfig/__init__.py", ""]
    assert prepared.supply("No module named 'pluggy'"), prepared.installation
    assert machine.imported(prepared, "pluggy") == ["installed/pluggy/__init__.py"]
    if "lib/shop/__init__.py" in files:
        assert machine.imported(prepared, "shop") == ["project/lib/shop/__init__.py"]
    assert sorted(machine.project.root.rglob("*")) == before


def test_a_lock_for_another_patch_release_of_the_same_python_is_installed_whole(machine: Machine) -> None:
    machine.project.files(locks.for_one_patch_release(VERSION))
    machine.env.clear()
    machine.env["UV_CACHE_DIR"] = f"{machine.project.root.parent}/index/cache"
    prepared = machine.prepared()
    assert prepared.error is None, prepared.error.details
    assert machine.imported(prepared, "iniconfig", "pluggy") == ["installed/iniconfig/__init__.py", ""]
