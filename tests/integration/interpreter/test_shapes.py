"""Less common ways to the dependencies: other files, a machine without uv, a cache that is kept."""

from __future__ import annotations

import sys

import pytest

from action.interpreter.host import Host
from tests.integration.interpreter import locks
from tests.integration.interpreter.test_preparing import SHOP, VERSION, Machine, machine

__all__ = ["machine"]

WHEEL = "alembic-1.0-py3-none-any.whl"
SHAPES = {
    "pylock.toml": locks.PYLOCK,
    "setup.cfg": {
        "setup.cfg": "[metadata]\nname = shop\nversion = 1\n[options]\npackage_dir =\n    = lib\npackages = shop\n"
                     "install_requires =\n    alembic\n",
        "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n',
        "lib/shop/__init__.py": "",
    },
    "environment.yml": {"environment.yml": "dependencies:\n  - python>=3.9\n  - libpq\n  - alembic=1.0\n"},
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_other_files_that_declare_dependencies(name: str, machine: Machine) -> None:
    machine.project.files(SHAPES[name])
    if name == "setup.cfg":
        del machine.env["UV_DEFAULT_INDEX"]  # for setuptools
    before = sorted(machine.project.root.rglob("*"))
    prepared = machine.prepared()
    assert prepared.error is None, prepared.error.details
    assert prepared.note.startswith(f"The project's dependencies were installed from {name} for Python {VERSION}")
    assert machine.imported(prepared, "alembic") == ["installed/alembic/__init__.py"]
    if name == "setup.cfg":
        assert machine.imported(prepared, "shop") == ["project/lib/shop/__init__.py"]
    assert sorted(machine.project.root.rglob("*")) == before


def test_without_uv_pip_installs_requirements_and_nothing_else(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    machine.host = Host(own=machine.host.own, environ={"PATH": "/usr/bin:/bin"})
    machine.env = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": machine.env["UV_FIND_LINKS"]}
    machine.project.files({"requirements.txt": "alembic\n"})
    prepared = machine.prepared()
    assert prepared.error is None, prepared.error.details
    assert prepared.note == (
        "The project's dependencies were installed from requirements.txt. To choose otherwise, set `install`."
    )
    assert machine.imported(prepared, "alembic") == ["installed/alembic/__init__.py"]
    machine.project.files({"uv.lock": "", "pyproject.toml": SHOP.format("")})
    error = machine.prepared().error
    assert error is not None
    assert (error.what, error.remedy) == (
        "The project's dependencies are declared in uv.lock, and only uv installs from it here.",
        "Install uv, or create .venv, or set --python or --install.",
    )


def test_a_second_run_installs_from_the_kept_cache(machine: Machine) -> None:
    kept = machine.project.root.parent / "kept"
    kept.mkdir()
    machine.host.user.own(kept)
    del machine.env["UV_CACHE_DIR"]
    machine.project.files({"requirements.txt": f"alembic @ file://{machine.env['UV_FIND_LINKS']}/{WHEEL}\n"})
    for _ in range(2):
        prepared = machine.prepared(**{"cache-dir": kept})
        assert prepared.error is None, prepared.error.details
        assert machine.imported(prepared, "alembic") == ["installed/alembic/__init__.py"]
    assert any((kept / "uv").rglob("alembic"))
