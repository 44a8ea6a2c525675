"""Projects whose own program calls Alembic: by its Config, by its command, with ``-x`` arguments or a connection."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.projects import builder, ways
from tests.projects.builder import BOOK, EnvPy, tree

CHECKS = ["  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
PASSED = ["passed", "library/migrations", *CHECKS]
COMMAND = ("--command", "python -m library", "--env", "LIBRARY_DB={url}")
MOVED = "env.py ran in the repository's root, because it does not load in the folder library: "


def test_a_command_is_taken_over_when_it_runs_env_py(run: Run, tmp_path: Path) -> None:
    body = "import logging\ntry:\n    db.upgrade()\nfinally:\n    open('returned', 'w').close()"
    ran = run(builder.write(tmp_path, ways.own_program(body)), *COMMAND, "-v")
    assert ran.outline == PASSED, ran.stderr
    assert "never printed" not in ran.stderr
    assert not (tmp_path / "returned").exists()
    note = f"{MOVED}{sys.executable}: No module named library. env.py was run by `python -m library`."
    assert ran.report["trees"][0]["folder_note"] == note


def test_the_command_of_the_base_runs_the_code_of_the_base(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, ways.own_program("db.upgrade()"))
    edited = builder.Revision(id="a1", upgrade=f'op.execute("SELECT 1")\n{builder.CREATE_BOOK.strip()}')
    builder.commit(tmp_path, builder.versions(edited, ways.PAGES, folder="library/migrations/versions"))
    ran = run(tmp_path, "--base", "HEAD~1", *COMMAND)
    assert ran.outline == [
        "failed",
        "library/migrations",
        "  heads passed",
        "  history passed",
        "    notice rewritten-revision a1 library/migrations/versions/a1_.py:12",
        "  upgrade passed",
        "  drift failed",
        "    error missing-migration public.book.pages library/models.py:4",
    ], ran.stdout


@pytest.mark.parametrize("name", ["get_config", "config", "holder"])
def test_a_config_is_named_and_its_connection_given(name: str, run: Run, tmp_path: Path) -> None:
    files = ways.own_program("pass")
    files["library/db.py"] += "\n\nclass holder:\n    config = get_config()\n\n\nconfig = get_config()\n"
    ran = run(builder.write(tmp_path, files), "--alembic-config", f"library.db:{name}")
    assert ran.outline == PASSED, ran.stderr


def test_a_subprocess_of_the_command_may_run_alembic(run: Run, tmp_path: Path) -> None:
    files = {**tree(BOOK), "run.py": ways.IN_A_SUBPROCESS, "site/sitecustomize.py": ways.WHO_IMPORTS}
    ran = run(builder.write(tmp_path, files), "--command", "python run.py", "--env", "PYTHONPATH=site")
    assert ran.outline == ["passed", "alembic.ini", *CHECKS], ran.stderr
    assert (tmp_path / "chained").exists()
    assert "probe" not in (tmp_path / "imported").read_text()  # what only starts the command does without


@pytest.mark.parametrize("body", ways.ENDS)
def test_a_command_that_does_not_run_env_py_is_an_obstacle(body: str, run: Run, tmp_path: Path) -> None:
    message, why, remedy = ways.ENDS[body]
    ran = run(builder.write(tmp_path, {**tree(BOOK), "run.py": body}), "--command", "python run.py")
    assert ran.outline == [
        "inconclusive",
        "alembic.ini",
        "  heads passed",
        "  history skipped",
        "  upgrade error",
        "  drift error",
    ]
    reason = str(ran.check("upgrade")["reason"])
    assert reason.splitlines()[0] == message
    assert why in reason
    assert remedy in reason
    assert ran.code == 5


def test_a_program_that_is_not_there_is_an_obstacle(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, tree(BOOK)), "--command", "no-such-program upgrade")
    assert str(ran.check("upgrade")["reason"]).splitlines() == [
        "The command `no-such-program upgrade` cannot be started (No such file or directory).",
        "No migration ran.",
        "Install the program that the command names, or set `command` to another one.",
    ]


def test_a_command_of_other_migrations_is_an_obstacle(run: Run, tmp_path: Path) -> None:
    builder.write(tmp_path, {**tree(BOOK), **builder.below("other", tree(BOOK))})
    ran = run(tmp_path, "--tree", "alembic.ini", "--command", "alembic -c other/alembic.ini upgrade head")
    assert str(ran.check("upgrade")["reason"]).splitlines() == [
        "`command` runs the migrations in other/migrations, not those of alembic.ini.",
        "The result would be about other migrations.",
        "Set `tree` to the migrations that `command` runs, or set another `command`.",
    ]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("library.db:nothing", "library.db has no 'nothing'"),
        ("library.models:metadata", "it is a MetaData, not an alembic.config.Config"),
    ],
)
def test_what_is_no_config_is_an_obstacle(name: str, why: str, run: Run, tmp_path: Path) -> None:
    builder.write(tmp_path, ways.own_program("pass"))
    ran = run(tmp_path, "--alembic-config", name, "--env", "PYTHONPATH=.")
    assert str(ran.check("upgrade")["reason"]).splitlines() == [
        f"`alembic-config` cannot be used ({name}): {why}.",
        "The migrations run with the Config that it names.",
        "Name an alembic.config.Config, or a function without arguments that returns one, as package.module:name.",
    ]


def test_what_only_the_program_sets_is_named(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, ways.own_program("pass")), "--env", "PYTHONPATH=.")
    assert (
        ran.reason("upgrade")
        == "env.py reads `config.attributes['tenant']`, which only the project's own program sets."
    )
    assert "Set `command` to the project's command that upgrades the database" in ran.check("upgrade")["reason"]
    assert ran.code == 5


def test_x_arguments_are_named_and_then_given(run: Run, tmp_path: Path) -> None:
    builder.write(tmp_path, tree(BOOK, env=ways.X_ENV))
    given: tuple[str, ...] = ()
    for name, value in (("tenant", "north"), ("region", "eu")):
        ran = run(tmp_path, *given)
        assert ran.reason("upgrade") == f"env.py needs an argument of `alembic -x` that is not set: {name}."
        assert f"\n    --x-args {name}=…\n" in ran.stdout
        assert ran.code == 5
        given = (*given, "--x-args", f"{name}={value}")
    ran = run(tmp_path, *given)
    assert ran.outline == ["passed", "alembic.ini", *CHECKS], ran.stderr
    builder.write(tmp_path, {"pyproject.toml": '[tool.alembic-checks]\nx-args = ["tenant=north", "region=eu"]\n'})
    assert run(tmp_path).outline == ["passed", "alembic.ini", *CHECKS]


def test_x_arguments_that_env_py_goes_on_without_are_said(run: Run, tmp_path: Path) -> None:
    top = 'given = context.get_x_argument(as_dictionary=True)\ntenant, data = given.get("tenant"), "data" in given'
    builder.write(tmp_path, tree(BOOK, env=EnvPy(top=top).text))
    ran = run(tmp_path)
    assert ran.outline == ["passed", "alembic.ini", *CHECKS], ran.stderr
    said = "env.py looks for the `-x` arguments data, tenant, and they were not given: the setting is `x-args`."
    assert ran.report["trees"][0]["folder_note"] == said
    given = run(tmp_path, "--x-args", "tenant=north", "--x-args", "data=true")
    assert given.report["trees"][0]["folder_note"] is None


@pytest.mark.parametrize("name", ways.CONNECTIONS)
def test_an_env_py_that_asks_for_a_connection_gets_one(name: str, run: Run, tmp_path: Path) -> None:
    env = EnvPy(run=ways.CONNECTIONS[name]).text
    ran = run(builder.write(tmp_path, tree(BOOK, env=env)))
    assert ran.outline == ["passed", "alembic.ini", *CHECKS], ran.stderr


def test_a_command_gets_the_variables_that_it_names_from_the_examples(run: Run, tmp_path: Path) -> None:
    """It fails for want of one at a time: some before env.py runs, some in it."""
    program = "import os\nfrom library import db\n\nos.environ['SHOP_KEY'], os.environ['SHOP_STAGE']\ndb.upgrade()\n"
    env = f"import os\nassert os.environ['SHOP_LAMP'] == 'oil'\n{ways.TENANT}"
    example = "SHOP_KEY=k\nSHOP_STAGE=test\nSHOP_LAMP=oil\nSHOP_UNUSED=1\nLIBRARY_DB=postgresql://db/shop"
    files = {**ways.own_program("pass"), "run.py": program, "library/migrations/env.py": env}
    builder.commit(tmp_path, {**files, ".env.example": example})
    command = ("--command", "python run.py")
    ran = run(tmp_path, *command)
    assert ran.outline == PASSED, ran.stderr
    assert ran.report["trees"][0]["settings_note"] == (
        "4 environment variables come from .env.example: SHOP_KEY, SHOP_STAGE, LIBRARY_DB (replaced by the scratch "
        "database), SHOP_LAMP."
    )
    builder.commit(tmp_path, {".env.example": example.replace("SHOP_STAGE=test\n", "")})
    ran = run(tmp_path, *command)
    assert ran.check("upgrade")["reason"].splitlines() == [
        "The project's settings need an environment variable that is not set: SHOP_STAGE.",
        "env.py imports the settings, so no migration can run without them. Any value that they accept will do. "
        "1 environment variable comes from .env.example: SHOP_KEY.",
        "Add to the command, or as `env` to [tool.alembic-checks]:",
        "  --env SHOP_STAGE=…",
        "  {url} {host} {port} {user} {password} {database} in a value stand for the scratch database.",
    ]
