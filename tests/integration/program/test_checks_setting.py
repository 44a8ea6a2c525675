"""The setting ``checks``: what it leaves out is not run, and said to be left out."""

from __future__ import annotations

from pathlib import Path

from tests.integration.program.conftest import Run
from tests.projects.builder import BOOK, MODELS, EnvPy, tree, write

WITHOUT_MODELS = EnvPy(imports="", metadata="None").text
LEFT_OUT = "Not run: left out by the setting `checks`."


def test_a_project_without_models_is_green_without_drift(run: Run, tmp_path: Path) -> None:
    project = write(tmp_path, tree(BOOK, env=WITHOUT_MODELS))
    red = run(project)
    assert (red.code, red.reason("drift")) == (
        1,
        "target_metadata in env.py is None, so there are no models to compare. Set target_metadata to the metadata of"
        " your models. If the project has no models, leave this check out: `checks: heads,history,upgrade`.",
    )
    green = run(project, "--checks", "heads,history,upgrade")
    assert (green.code, green.report["verdict"], green.check("drift")["status"], green.reason("drift")) == (
        0,
        "passed",
        "skipped",
        LEFT_OUT,
    )
    assert "  drift      skipped" in green.stdout
    assert LEFT_OUT in green.stdout


def test_what_is_left_out_is_not_run(run: Run, tmp_path: Path) -> None:
    missing = MODELS.replace("nullable=False))", 'nullable=False), Column("pages", Integer))')
    ran = run(write(tmp_path, tree(BOOK, models=missing)), "--checks", "heads,upgrade", "-v")
    assert (ran.code, "comparing the models" in ran.stderr) == (0, False)


def test_checks_of_the_files_need_neither_the_project_s_code_nor_a_server(run: Run, tmp_path: Path) -> None:
    project = write(tmp_path, tree(BOOK, env="import no_such_module\n"))
    ran = run(project, "--checks", "heads", "--python", "/bin/false")
    assert ran.outline == [
        "passed",
        "alembic.ini",
        "  heads passed",
        "  history skipped",
        "  upgrade skipped",
        "  drift skipped",
    ]
    assert (ran.code, ran.report["server"], ran.reason("upgrade")) == (0, None, LEFT_OUT)
