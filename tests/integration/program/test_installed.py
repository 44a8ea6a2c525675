"""Projects that are installed by `pip install .`: each session imports its own checkout, not the installed copy."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.integration.program.test_base import PASSED, branch
from tests.projects import builder, deployed


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """Return the interpreter of an environment with our packages, and room for the project's."""
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (packages_of(folder / "bin" / "python") / "ours.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "python"


def packages_of(python: Path) -> Path:
    (found,) = python.parent.parent.glob("lib/python*/site-packages")
    return found


@pytest.fixture(params=["src/shop", "shop"])
def package(request: pytest.FixtureRequest) -> str:
    """Return where the project keeps its package: below ``src``, or flat."""
    return str(request.param)


def install(project: Path, python: Path, package: str) -> Path:
    """Copy the project's package, as ``pip install .`` does, and return where it is now."""
    there = packages_of(python) / "shop"
    shutil.rmtree(there, ignore_errors=True)
    shutil.copytree(project / package, there)
    return there


def test_the_base_imports_its_own_models_and_not_the_installed_ones(
    run: Run, tmp_path: Path, python: Path, package: str
) -> None:
    change = deployed.forgotten_where_installed(package)
    project = branch(tmp_path / "project", change.base, change.work)
    install(project, python, package)
    ran = run(project, "--base", "main", "--python", python)
    assert ran.outline == [
        "failed",
        *PASSED[1:5],
        "  drift failed",
        f"    error missing-migration public.book.isbn {package}/models.py:11",
    ], ran.stderr


def test_what_the_base_has_already_is_old_also_where_it_is_installed(
    run: Run, tmp_path: Path, python: Path, package: str
) -> None:
    change = deployed.old_drift_where_installed(package)
    project = branch(tmp_path / "project", change.base, change.work)
    install(project, python, package)
    ran = run(project, "--base", "main", "--python", python)
    assert ran.outline == [*PASSED, "    notice old-drift"], ran.stderr


def test_an_installed_copy_that_is_older_than_the_checkout_is_not_the_one_that_is_judged(
    run: Run, tmp_path: Path, python: Path, package: str
) -> None:
    change = deployed.forgotten_where_installed(package)
    project = builder.commit(tmp_path / "project", change.base)
    install(tmp_path / "project", python, package)
    builder.commit(tmp_path / "project", change.work)
    ran = run(tmp_path / "project", "--python", python)
    assert [line.split(" ")[5:7] for line in ran.outline if "error" in line] == [
        ["missing-migration", "public.book.isbn"]
    ], (project, ran.stderr)


def test_a_module_that_only_the_build_has_made_comes_from_the_installed_copy(
    run: Run, tmp_path: Path, python: Path, package: str
) -> None:
    models = "from shop._version import version\n" + deployed.DECLARED
    project = branch(
        tmp_path / "project", deployed.installed(models, package), {f"{package}/models.py": models + deployed.ISBN}
    )
    there = install(project, python, package)
    (there / "_version.py").write_text('version = "1.0"\n')
    ran = run(project, "--base", "main", "--python", python)
    assert ran.report["verdict"] == "failed", ran.stderr
    assert ran.finding("missing-migration")["object"] == "public.book.isbn"


def test_a_base_that_cannot_be_imported_apart_from_the_pull_request_shows_nothing(run: Run, tmp_path: Path) -> None:
    project = tmp_path / "project"
    env = builder.EnvPy(
        top=f"sys.path.insert(0, {str(project)!r})",
        imports="",
        metadata='__import__("models").Base.metadata',
    ).text
    files = builder.tree(deployed.CREATES_BOOK, env=env, models=deployed.DECLARED, ini=deployed.INI_WITHOUT_PATH)
    branch(project, files, {"models.py": deployed.WITH_ISBN})
    ran = run(project, "--base", "main")
    assert ran.outline == ["inconclusive", *PASSED[1:5], "  drift skipped", "    notice undated-drift"], ran.stderr
    assert "models was imported from another copy of the project" in ran.reason("drift")
