"""Projects whose framework runs their migrations: found without a setting, rehearsed within the application."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.integration.program.conftest import Run, python_for
from tests.projects import builder, frameworks
from tests.projects.environments import FRAMEWORKS

CHECKS = ["  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
PASSED = ["passed", "migrations/alembic.ini", *CHECKS]
OLD = "Flask-Migrate 2.5"
OF_FLASK = "env.py ran in the context of the Flask application of {}."


def python(name: str = "Flask-Migrate 4") -> tuple[str, str]:
    """Return the option for an environment."""
    return ("--python", python_for(FRAMEWORKS[name]))


@pytest.mark.parametrize("name", frameworks.FLASK)
def test_a_flask_application_is_found(name: str, run: Run, tmp_path: Path) -> None:
    files, place = frameworks.FLASK[name]
    ran = run(builder.write(tmp_path, files), *python())
    config = "alembic.ini" if "alembic.ini" in files else "migrations/alembic.ini"
    assert ran.outline == ["passed", config, *CHECKS], ran.stderr
    assert ran.report["trees"][0]["folder_note"] == OF_FLASK.format(place)
    assert not (tmp_path / "populated").exists()


def test_the_application_is_the_one_that_env_names(run: Run, tmp_path: Path) -> None:
    files = frameworks.flask(parameter="name")
    files["library/__init__.py"] = files["library/__init__.py"].replace(
        "Flask(__name__)", "Flask({'testing': 'x'}[name])"
    )
    builder.write(tmp_path, files)
    ran = run(tmp_path, *python(), "--env", "FLASK_APP=library:create_app('testing')")
    assert ran.outline == PASSED, ran.stderr
    ran = run(tmp_path, *python())
    assert ran.outline[0] == "inconclusive"
    assert str(ran.check("upgrade")["reason"]).splitlines() == [
        "env.py needs the context of an application, and no application was found that it can run in.",
        "Detected factory 'create_app' in module 'library', but could not call it without arguments. Use "
        "'library:create_app(args)' to specify arguments.",
        "Set FLASK_APP with `env`, such as FLASK_APP=app:create_app('testing'), or set `command` to the project's "
        "command that upgrades the database, such as `flask db upgrade`, `litestar database upgrade --no-prompt` or "
        "`python -m app db upgrade`.",
    ]
    assert ran.code == 5


def test_flask_s_own_command_is_taken_over(run: Run, tmp_path: Path) -> None:
    files, _ = frameworks.FLASK["app.py, which Flask finds by itself"]
    ran = run(builder.write(tmp_path, files), "--command", "flask db upgrade", *python())
    assert ran.outline == PASSED, ran.stderr
    assert ran.report["trees"][0]["folder_note"] == "env.py was run by `flask db upgrade`."


def test_an_application_that_lacks_variables_says_so_at_once_or_gets_them_from_examples(
    run: Run, tmp_path: Path
) -> None:
    files = frameworks.flask()
    files["library/__init__.py"] += "\nos.environ['LIBRARY_KEY']\n"
    files["library/models.py"] += "\nimport os\nos.environ['LIBRARY_STAGE']\n"
    ran = run(builder.write(tmp_path, files), *python())
    message = "The project's settings need environment variables that are not set: LIBRARY_STAGE, LIBRARY_KEY."
    assert ran.reason("upgrade") == message, ran.stdout
    ran = run(builder.write(tmp_path, {".env.sample": "LIBRARY_KEY=k\nLIBRARY_STAGE=test\n"}), *python())
    assert ran.outline == PASSED, ran.stderr
    note = "2 environment variables come from .env.sample: LIBRARY_STAGE, LIBRARY_KEY."
    assert ran.report["trees"][0]["settings_note"] == note


@pytest.mark.parametrize("name", [OLD, "Flask-Migrate 4"])
def test_drift_is_found_and_the_arguments_of_migrate_count(name: str, run: Run, tmp_path: Path) -> None:
    models = frameworks.FLASK_MODELS + "    pages = db.Column(db.Integer)\n"
    options = ", include_object=lambda object, name, *_: name != 'hidden', version_table='library_version'"
    base = frameworks.flask(options=options)
    builder.commit(tmp_path, base)
    builder.commit(tmp_path, {"library/models.py": models})
    trace = tmp_path / "trace.jsonl"
    ran = run(tmp_path, "--base", "HEAD~1", "--trace", trace, *python(name))
    missing = "    error missing-migration public.book.pages library/models.py:10"
    assert ran.outline[-2:] == ["  drift failed", missing], ran.stderr
    (fix,) = ran.check("drift")["fixes"]
    assert "op.add_column('book', sa.Column('pages', sa.Integer(), nullable=True))" in fix["text"].replace(
        "with op.batch_alter_table('book', schema=None) as batch_op:\n        batch_op.add_column(",
        "op.add_column('book', ",
    )
    assert '"version_table": "library_version"' in trace.read_text()


@pytest.mark.parametrize("name", [OLD, "Flask-Migrate 4"])
def test_binds_are_databases_of_their_own(name: str, run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, frameworks.multidb()), *python(name))
    assert ran.outline == PASSED, ran.stderr


def test_the_base_runs_in_the_application_of_its_own_code(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, frameworks.flask())
    edited = builder.Revision(id="a1", upgrade=f'op.execute("SELECT 1")\n{builder.CREATE_BOOK.strip()}')
    builder.commit(tmp_path, builder.versions(edited))
    ran = run(tmp_path, "--base", "HEAD~1", "--trace", tmp_path / "trace.jsonl", *python())
    assert [line for line in ran.outline if "upgrade" in line or "drift" in line] == CHECKS[2:], ran.stdout
    assert (tmp_path / "trace.jsonl").read_text().count('"event": "loaded"') == 2


def test_flask_alembic_needs_no_env_py(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, frameworks.flask_alembic("pages = db.Column(db.Integer)")), *python())
    missing = "    error missing-migration public.book.pages library/__init__.py:15"
    assert ran.outline == ["failed", "library/migrations", *CHECKS[:3], "  drift failed", missing], ran.stderr
    (fix,) = ran.check("drift")["fixes"]
    assert "op.add_column('book', sa.Column('pages', sa.Integer(), nullable=True))" in fix["text"]


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("litestar", "litestar database upgrade --no-prompt"),
        ("fastapi", "alchemy --config service.db.alchemy upgrade --no-prompt"),
    ],
)
def test_advanced_alchemy_runs_by_its_command(kind: str, command: str, run: Run, tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    builder.write(tmp_path, frameworks.advanced_alchemy(kind))
    ran = run(tmp_path, "--trace", trace, *python("advanced-alchemy"))
    assert ran.outline == PASSED, ran.stderr
    assert '"version_table": "ddl_version"' in trace.read_text()
    assert ran.report["trees"][0]["folder_note"] == f"env.py was run by `{command}`."
    # Litestar's thread that writes the log is no reason to run the command again for each step.
    assert trace.read_text().count('"event": "loaded"') == 1


@pytest.mark.parametrize("seeming", [{}, {"app.py": "from service import Litestar\n"}])
def test_litestar_gets_the_application_that_the_project_names(
    seeming: dict[str, str], run: Run, tmp_path: Path
) -> None:
    """Also where another file looks to Litestar's search as if it had the application."""
    other = {"other/serve.py": "", "other/.env": "LITESTAR_APP=serve:app"}
    builder.write(tmp_path, frameworks.litestar_program(), seeming, other)
    ran = run(tmp_path, *python("advanced-alchemy"))
    assert ran.outline == PASSED, ran.stderr
    command = "litestar --app shop.server:app --app-dir src/py database upgrade --no-prompt"
    assert ran.report["trees"][0]["folder_note"] == f"env.py was run by `{command}`."


def test_the_project_s_own_program_goes_before_a_configuration_of_advanced_alchemy(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, frameworks.advanced_alchemy_program()), *python("advanced-alchemy"))
    assert ran.outline == PASSED, ran.stderr
    call = "import sys; sys.path.insert(0, 'src'); from service.cli import run; run()"
    note = f"env.py was run by `{shlex.join(['python', '-c', call, 'db', 'upgrade', '--no-prompt'])}`."
    assert ran.report["trees"][0]["folder_note"] == note


@pytest.mark.parametrize("call", frameworks.IN_A_LOOP)
def test_a_command_may_call_alembic_within_an_event_loop(call: str, run: Run, tmp_path: Path) -> None:
    builder.write(tmp_path, frameworks.quart(call))
    ran = run(tmp_path, "--command", "quart migrate", *python("advanced-alchemy"))
    assert ran.outline == PASSED, ran.stderr
