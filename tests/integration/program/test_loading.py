"""The project is loaded as `alembic upgrade` loads it: env.py first, from the folder and by the options it expects."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.projects import builder, loading
from tests.projects.builder import BOOK, EnvPy, Revision, tree

PASSED = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
BROKEN = ["inconclusive", "alembic.ini", "  heads passed", "  history skipped", "  upgrade error", "  drift error"]
LOADS = {
    "a path that env.py adds": loading.path_from_env_py(),
    "an import that works from the models alone": loading.circular(),
    "a URL that env.py completes": loading.url_filled_in_by_env_py(),
}


@pytest.mark.parametrize("name", LOADS)
def test_a_project_is_loaded_as_by_the_command(name: str, run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, LOADS[name]))
    assert ran.outline == PASSED, ran.stderr
    assert ran.code == 0
