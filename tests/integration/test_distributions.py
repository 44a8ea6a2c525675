"""The wheel and the sdist of PyPI: what is in them, and that the wheel runs away from this checkout."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.e2e.test_fresh_machine import clone_of_the_working_tree
from tests.house import ROOT, modules
from tests.projects.builder import BOOK, tree, write

BIN = Path(sys.executable).parent
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def built(source: Path) -> list[Path]:
    """Return the distributions that `make dist` builds: the sdist and the wheel."""
    run(sys.executable, "-m", "hatchling", "build", cwd=source)
    return sorted((source / "dist").iterdir(), key=lambda path: path.suffix)


@pytest.fixture
def distributions(tmp_path: Path) -> list[Path]:
    (tmp_path / "source").mkdir()
    return built(clone_of_the_working_tree(tmp_path / "source"))


def members(wheel: Path) -> set[str]:
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


def test_the_wheel_has_the_program_and_the_sdist_builds_the_same(distributions: list[Path], tmp_path: Path) -> None:
    sdist, wheel = distributions
    assert (sdist.name, wheel.name) == (
        f"alembic_checks-{VERSION}.tar.gz",
        f"alembic_checks-{VERSION}-py3-none-any.whl",
    )
    assert {module.where for module in modules("action", "checks").values()} <= members(wheel)
    assert {name.split("/")[0] for name in members(wheel)} == {"action", "checks"}
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    _, again = built(tmp_path / f"alembic_checks-{VERSION}")
    assert members(again) == members(wheel)


def test_the_wheel_runs_where_it_is_installed(distributions: list[Path], tmp_path: Path) -> None:
    """Its dependencies are those of this environment, after its own files on the path."""
    environment = tmp_path / "environment"
    run(BIN / "uv", "venv", "--offline", "--quiet", "--python", sys.executable, environment, cwd=tmp_path)
    python = environment / "bin" / "python"
    run(BIN / "uv", "pip", "install", "--offline", "--no-deps", "--python", python, distributions[1], cwd=tmp_path)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    assert run(python, "-c", "import action; print(action.__file__)", cwd=tmp_path).startswith(str(packages))
    program = environment / "bin" / "alembic-checks"
    assert run(program, "--version", cwd=tmp_path) == f"alembic-checks {VERSION}\n"
    project = write(tmp_path / "project", tree(BOOK))
    said = run(program, project, "--python", sys.executable, cwd=tmp_path)
    assert "PASSED  Migrations: no problems found" in said
