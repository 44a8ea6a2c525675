"""Which interpreter is the project's, with real environments."""

from __future__ import annotations

import subprocess
import sys
import venv
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from action.errors import SettingsError
from action.interpreter.host import Host
from action.interpreter.which import Interpreter, find_interpreter, version_of
from action.project.discovery import find_trees
from action.sandbox.project_user import ProjectUser
from tests.repositories import Repository

ALONE = Host(own="/own", environ={})
"""Without an environment that is active."""


def found(
    root: Path, cleanup: ExitStack, host: Host = ALONE, *, chosen: str | None = None, installed: str | None = None
) -> Interpreter:
    (tree,) = find_trees(root)
    return find_interpreter(tree, root, cleanup, chosen=chosen, installed=installed, host=host)


def with_alembic(folder: Path) -> str:
    """Create an environment that has a package called alembic, and return its interpreter."""
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "alembic").mkdir()
    return str(folder / "bin" / "python")


def dangling(root: Path, version: str) -> Path:
    """Make the environment of an interpreter that is not here: a package, and one that is installed in place."""
    packages = root / ".venv" / "lib" / f"python{version}" / "site-packages"
    (root / "src").mkdir()
    (root / "src" / "in_place.py").write_text("TWO = 2\n")
    packages.mkdir(parents=True)
    (packages / "lent.py").write_text("ONE = 1\n")
    (packages / "alembic").mkdir()
    (packages / "in_place.pth").write_text(f"{root / 'src'}\n")
    (root / ".venv" / "pyvenv.cfg").touch()
    (root / ".venv" / "bin").mkdir()
    (root / ".venv" / "bin" / "python").symlink_to("/opt/hostedtoolcache/Python/bin/python")
    return root / ".venv"


def test_the_order_of_preference(tmp_path: Path) -> None:
    project = Repository(tmp_path)
    project.tree()
    with ExitStack() as cleanup:
        assert found(tmp_path, cleanup) == Interpreter(python=None)
        active = replace(ALONE, environ={"VIRTUAL_ENV": str(tmp_path / "active")})
        made = with_alembic(tmp_path / "active")
        assert found(tmp_path, cleanup, active).python == made
        assert with_alembic(tmp_path / "venv") == found(tmp_path, cleanup, active).python
        assert with_alembic(tmp_path / ".venv") == found(tmp_path, cleanup, active).python
        assert found(tmp_path, cleanup, installed="/installed").python == "/installed"
        assert found(tmp_path, cleanup, installed="/installed", chosen=sys.executable).python == sys.executable


def test_one_whose_interpreter_is_not_here_lends_its_packages(
    shared: Path, stranger: ProjectUser, reachable: str
) -> None:
    Repository(shared).tree()
    dangling(shared, version_of(reachable))
    with ExitStack() as cleanup:
        python = found(shared, cleanup, Host(user=stranger, own=reachable, environ={}))
        assert python.python is not None
        assert stranger.can_run(python.python)
        script = "import lent, in_place; print(lent.ONE, in_place.TWO)"
        done = subprocess.run(
            [python.python, "-c", script], cwd="/", capture_output=True, text=True, **stranger.switch()
        )
        assert (done.stdout, done.stderr, python.note) == ("1 2\n", "", "")
    assert not Path(python.python).exists()


def test_one_of_another_version_is_named(shared: Path, stranger: ProjectUser, reachable: str) -> None:
    Repository(shared).tree()
    folder = dangling(shared, "3.4")
    with ExitStack() as cleanup:
        python = found(shared, cleanup, Host(user=stranger, own=reachable, environ={}))
    note = f"{folder} needs Python 3.4, which is not installed here; Python {version_of(reachable)} is."
    assert python == Interpreter(python=None, note=note)


def test_one_without_alembic_is_used_only_where_nothing_is_declared(tmp_path: Path) -> None:
    Repository(tmp_path).tree()
    venv.create(tmp_path / ".venv", symlinks=True)
    with ExitStack() as cleanup:
        python = found(tmp_path, cleanup)
    lesser = str(tmp_path / ".venv" / "bin" / "python")
    assert python == Interpreter(python=None, note=f"{tmp_path / '.venv'} has no Alembic.", without_alembic=lesser)


def test_a_chosen_one_that_the_projects_user_cannot_start_is_refused(shared: Path, stranger: ProjectUser) -> None:
    Repository(shared).tree()
    closed = shared / "closed"
    closed.mkdir(mode=0o700)
    (closed / "python").symlink_to("/usr/bin/env")
    with ExitStack() as cleanup, pytest.raises(SettingsError) as raised:
        found(shared, cleanup, replace(ALONE, user=stranger), chosen=str(closed / "python"))
    assert raised.value.what == (
        f"--python {closed / 'python'}: the user stranger, who runs the project's code, cannot start this interpreter."
    )
