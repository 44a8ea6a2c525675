"""An older Python, where pinned packages have wheels only for it: real uv, real Pythons, wheels in a folder."""

from __future__ import annotations

import os
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pytest

from action.interpreter.host import Host
from tests.integration.interpreter.conftest import Machine
from tests.integration.interpreter.test_preparing import OTHERWISE
from tests.integration.interpreter.wheels import index, wheel
from tests.projects.environments import interpreter
from tests.repositories import Repository

OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
OLDER = next((f"3.{minor}" for minor in range(sys.version_info.minor - 1, 8, -1) if interpreter(f"3.{minor}")), "")
FROM = "The project's dependencies were installed from"


def source(folder: Path, name: str) -> None:
    """Write a source distribution that cannot be built."""
    with tarfile.open(folder / f"{name}-1.0.tar.gz", "w:gz") as made:
        for path, text in (
            ("PKG-INFO", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"),
            ("setup.py", "1 / 0\n"),
        ):
            about = tarfile.TarInfo(f"{name}-1.0/{path}")
            about.size = len(text)
            made.addfile(about, BytesIO(text.encode()))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Machine]:
    """Return a machine with our Python and an older one, and a package with a wheel for the older one."""
    older = interpreter(OLDER) if OLDER else None
    if older is None:
        pytest.skip("this machine has no older Python")
    env = index(tmp_path / "index")
    abi, platform = f"cp{OLDER.replace('.', '')}", sysconfig.get_platform().replace("-", "_")
    wheel(tmp_path / "index", "stone", tag=f"{abi}-{abi}-{platform}")
    source(tmp_path / "index", "stone")
    env |= {"UV_PYTHON_SEARCH_PATH": str(Path(older).parent), "UV_PYTHON_DOWNLOADS": "never"}
    env["UV_PYTHON_INSTALL_DIR"] = str(tmp_path / "none")
    project = Repository(tmp_path / "project")
    project.tree()
    with ExitStack() as cleanup:
        yield Machine(project, Host(own=sys.executable, environ={"PATH": os.environ["PATH"]}), env, cleanup)


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"requirements.txt": "alembic\nstone==1.0\n"}, "requirements.txt"),
        (
            {"pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.9"\n'
                               'dependencies = ["alembic", "stone==1.0"]\n'},
            "pyproject.toml",
        ),
    ],
)  # fmt: skip
def test_pins_without_a_wheel_for_our_python_get_the_newest_that_has_one(
    files: dict[str, str], name: str, terminal: Machine
) -> None:
    terminal.project.files(files)
    prepared = terminal.prepared()
    assert prepared.error is None, prepared.error.details
    because = f"because stone 1.0 has no wheel for {OWN}"
    assert terminal.shown.lines == [f"{FROM} {name} for Python {OLDER}, {because}. {OTHERWISE}"]


def test_a_version_that_is_asked_for_is_kept(terminal: Machine) -> None:
    terminal.project.files({"requirements.txt": "alembic\nstone==1.0\n", ".python-version": OWN})
    error = terminal.prepared().error
    assert error is not None
    assert error.what.startswith("The project's dependencies could not be installed from requirements.txt: uv pip")


def test_an_older_python_that_is_not_available_is_named(terminal: Machine) -> None:
    terminal.project.files({"requirements.txt": "alembic\nstone==1.0\n"})
    terminal.env["UV_PYTHON_SEARCH_PATH"] = "/nowhere"
    error = terminal.prepared().error
    assert error is not None
    assert (error.what, error.why, error.remedy) == (
        f"The project's dependencies could not be installed from requirements.txt: stone==1.0 has no wheel for Python "
        f"{OWN}.",
        f"It fits Python {OLDER}, which is not installed here and could not be downloaded.",
        f"Set `python-version: {OLDER}` on a runner that can download it, or install Python {OLDER}.",
    )
