"""The missing migration: written as the project would write it, and left out of the project."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.integration.program.conftest import Run
from tests.projects.builder import BOOK, INI, MODELS, tree, write

WITH_PAGES = MODELS.replace("nullable=False))", 'nullable=False), Column("pages", Integer))')
HOOK = """
[post_write_hooks]
hooks = shout
shout.type = exec
shout.executable = {python}
shout.options = {script} REVISION_SCRIPT_FILENAME
"""
SHOUT = """
import pathlib, sys
file = pathlib.Path(sys.argv[1])
word = next(folder / "setup.cfg" for folder in file.parents if (folder / "setup.cfg").exists()).read_text().strip()
file.write_text(file.read_text() + f"\\n# {word}\\n")
"""


def hooked(script: str, python: str = sys.executable) -> str:
    return INI + HOOK.format(python=python, script=script)


def test_hooks_run_on_it_with_the_project_s_own_configuration(run: Run, tmp_path: Path) -> None:
    files = tree(BOOK, models=WITH_PAGES, ini=hooked("%(here)s/shout.py"))
    ran = run(write(tmp_path, files, {"shout.py": SHOUT, "setup.cfg": "as configured"}))
    (fix,) = ran.check("drift")["fixes"]
    assert fix["text"].endswith("\n# as configured\n")
    assert not (tmp_path / fix["path"]).exists()


def test_a_hook_that_fails_is_reported_and_the_migration_is_there_without_it(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(BOOK, models=WITH_PAGES, ini=hooked("shout.py", "no-such-program"))))
    (fix,) = ran.check("drift")["fixes"]
    assert fix["title"].startswith(
        "Missing migration (autogenerate; verified: applies, undoes, applies again; "
        "no differences remain; post-write hooks did not run: "
    )
    assert "op.add_column('book', sa.Column('pages', sa.Integer(), nullable=True))" in fix["text"]


def test_hooks_of_env_py_that_empty_it_leave_the_lines_to_add(run: Run, tmp_path: Path) -> None:
    files = tree(BOOK, models=WITH_PAGES)
    options = "process_revision_directives=lambda context, revision, directives: directives.clear()"
    env = files["migrations/env.py"].replace("target_metadata=metadata", f"target_metadata=metadata, {options}")
    ran = run(write(tmp_path, {**files, "migrations/env.py": env}))
    assert ran.outline[-2:] == ["  drift failed", "    error missing-migration public.book.pages models.py:4"]
