"""What env.py may do: what stops a rehearsal is reported as that, and what is only unusual does not stop it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.integration.program.conftest import Run, python_for
from tests.projects import builder, env_files
from tests.projects.builder import BOOK, EnvPy, tree
from tests.projects.environments import SETTINGS

SCENARIOS = {
    "sys.exit(0)": (
        env_files.exits(),
        "env.py called sys.exit(0) before any migration ran.",
    ),
    "os._exit": (env_files.dies(), "The project's process exited with code 3 while it was being loaded."),
    "SQLite": (env_files.falls_back_to_sqlite(), "env.py connects to sqlite, not to PostgreSQL."),
    "SQLite in memory": (env_files.falls_back_to_sqlite("sqlite://"), "env.py connects to sqlite, not to PostgreSQL."),
    "never runs": (env_files.never_runs(), "env.py finished without running migrations."),
    "configures only": (env_files.configures_only(), "env.py finished without running migrations."),
    "swallows": (
        env_files.swallows_exceptions(),
        "env.py ran without an error, but the scratch database's version table holds no revision.",
    ),
    "never commits": (
        env_files.never_commits(),
        "env.py ran without an error, but the scratch database's version table holds no revision.",
    ),
}
NO_MODELS = {
    "None": (
        env_files.has_no_metadata(),
        "target_metadata in env.py is None, so there are no models to compare. "
        "Set target_metadata to the metadata of your models. If the project has no models, leave this check out: "
        "`checks: heads,history,upgrade`.",
    ),
    "empty": (
        env_files.has_empty_metadata(),
        "target_metadata in env.py has no tables, because env.py does not import the models. "
        "Import the modules that define the models in env.py.",
    ),
    "shadowed": (
        env_files.shadows_the_first_metadata(),
        "env.py imports models that are not in target_metadata: models.metadata (1 table). The check could not compare "
        "their tables. Add their metadata, such as target_metadata = [first.metadata, second.metadata].",
    ),
}
PASSED = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
UNJUDGED = [
    "inconclusive",
    "alembic.ini",
    "  heads passed",
    "  history skipped",
    "  upgrade skipped",
    "  drift skipped",
]
BROKEN = ["inconclusive", "alembic.ini", "  heads passed", "  history skipped", "  upgrade error", "  drift error"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_env_py_that_migrates_nothing_is_never_a_pass(name: str, run: Run, tmp_path: Path) -> None:
    files, reason = SCENARIOS[name]
    ran = run(builder.write(tmp_path, files))
    assert ran.outline == UNJUDGED, ran.stderr
    assert ran.reason("upgrade") == reason
    assert ran.reason("drift") == "The migrations could not run: see upgrade."
    assert ran.code == 1
    assert not (tmp_path / "library.db").exists()


def test_a_swallowed_exception_is_reported_with_its_revision(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, env_files.swallows_exceptions()), "--fail-on", "never")
    assert "Revision b2 raised an exception, and env.py swallowed it." in ran.check("upgrade")["reason"]
    assert ran.code == 0


def test_the_url_of_the_scratch_database_is_given_where_it_is_asked_for(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, env_files.falls_back_to_sqlite()), "--env", "LIBRARY_URL={url}")
    assert ran.outline == PASSED, ran.stderr


def test_a_cache_in_memory_is_let_be(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, env_files.has_a_cache_in_memory()))
    assert ran.outline == PASSED, ran.stderr


@pytest.mark.parametrize("name", NO_MODELS)
def test_without_all_models_drift_is_not_judged(name: str, run: Run, tmp_path: Path) -> None:
    files, reason = NO_MODELS[name]
    ran = run(builder.write(tmp_path, files))
    checks = ["  heads passed", "  history skipped", "  upgrade passed", "  drift skipped"]
    assert ran.outline == ["inconclusive", "alembic.ini", *checks], ran.stderr
    assert ran.check("drift")["reason"] == reason
    assert ran.code == 1


@pytest.mark.parametrize("name", env_files.USUAL)
def test_an_unusual_env_py_is_rehearsed_as_it_is(name: str, run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, env_files.USUAL[name]))
    assert ran.outline == PASSED, ran.stderr
    assert ran.code == 0


def test_drift_is_found_below_a_search_path(run: Run, tmp_path: Path) -> None:
    files = env_files.USUAL["search_path"] | {"models.py": builder.MODELS + env_files.AUTHOR}
    ran = run(builder.write(tmp_path, files))
    assert ran.outline[-2:] == ["  drift failed", "    error missing-migration desk.author models.py:5"], ran.stderr
    (fix,) = ran.check("drift")["fixes"]
    assert "op.create_table('author'," in fix["text"]


def test_what_the_project_prints_is_shown_apart_and_only_when_asked_for(run: Run, tmp_path: Path) -> None:
    builder.write(tmp_path, env_files.USUAL["prints"])
    quiet, verbose = run(tmp_path), run(tmp_path, "--verbose")
    printed = '{"event": "ended"}'
    assert printed not in quiet.stdout + quiet.stderr + verbose.stdout
    assert printed in verbose.stderr


def test_a_missing_module_is_named_with_the_interpreter(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, env_files.needs_a_module()))
    assert ran.outline == BROKEN
    message = f"The project needs the module 'library_of_nowhere', which {sys.executable} cannot import."
    assert ran.reason("upgrade") == message
    assert message not in ran.stderr
    assert ran.code == 5


@pytest.mark.parametrize("name", SETTINGS)
def test_missing_settings_are_named_and_then_given(name: str, run: Run, tmp_path: Path) -> None:
    builder.write(tmp_path, env_files.needs_settings())
    python = ("--python", python_for(SETTINGS[name]))
    ran = run(tmp_path, *python)
    assert ran.outline == BROKEN
    message = "The project's settings need environment variables that are not set: LIBRARY_DATABASE, LIBRARY_SECRET."
    assert ran.reason("upgrade") == message
    assert "\n    --env LIBRARY_DATABASE={url}\n    --env LIBRARY_SECRET=library-secret\n" in ran.stdout
    assert ran.code == 5
    given = ("--env", "LIBRARY_DATABASE={url}", "--env", "LIBRARY_SECRET=hush")
    ran = run(tmp_path, *python, *given)
    assert ran.outline == PASSED, ran.stderr
    ran = run(tmp_path, *python, *given, "--env", "LIBRARY_SHELVES=many")
    assert ran.outline == BROKEN
    assert ran.reason("upgrade") == "The project's settings do not accept the value of LIBRARY_SHELVES."
    assert ran.code == 5


def test_a_variable_that_env_py_reads_is_named(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, env_files.needs_a_variable()))
    assert ran.outline == BROKEN
    message = "The project's settings need an environment variable that is not set: LIBRARY_TOKEN."
    assert ran.reason("upgrade") == message
    assert "\n    --env LIBRARY_TOKEN=library-token\n" in ran.stdout
    assert ran.code == 5


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (env_files.raises(), "The project's own code failed to load: RuntimeError: the library is closed"),
        (
            env_files.is_not_python(),
            "The project's own code failed to load: SyntaxError: invalid syntax (models.py, line 5)",
        ),
    ],
)
def test_code_that_does_not_load_is_reported_with_its_traceback(
    files: dict[str, str], message: str, run: Run, tmp_path: Path
) -> None:
    ran = run(builder.write(tmp_path, files))
    assert ran.outline == BROKEN
    assert ran.reason("upgrade") == message
    assert f'File "{tmp_path.resolve()}/' in ran.stderr
    assert message not in ran.stderr
    assert ran.stdout.count("Traceback") == 0
    assert ran.code == 5


def test_an_env_py_that_waits_for_ever_is_ended(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, env_files.hangs()), "--timeout", "3")
    assert ran.outline == UNJUDGED
    assert ran.reason("upgrade") == "env.py did not finish within 3 seconds."
    assert ran.code == 1


def test_secrets_of_ours_are_not_seen_by_the_project(run: Run, tmp_path: Path) -> None:
    env = EnvPy(
        top='seen = [name for name in os.environ if name.startswith(("INPUT_", "GITHUB_TOKEN"))]\nassert not seen'
    ).text
    ran = run(builder.write(tmp_path, tree(BOOK, env=env)), INPUT_TOKEN="hush", GITHUB_TOKEN="hush")
    assert ran.outline == PASSED, ran.stderr
