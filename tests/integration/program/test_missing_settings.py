"""Variables that a project lacks: listed all at once, or filled in from the examples in its repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.project.discovery import find_trees
from action.sandbox.project_user import OURSELVES, ProjectUser
from action.session.filling import Filling
from action.session.running import ProjectRun
from tests.integration.program.conftest import Run, python_for
from tests.projects import builder, loading, variables
from tests.projects.builder import Revision
from tests.projects.environments import EVERY_LIBRARY, SETTINGS, Requirements

PASSED = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
PROVEN = (
    "env.py imports the settings, so no migration can run without them. Any value that they accept will do. env.py "
    "loads with the values below."
)
PLACES = "  {url} {host} {port} {user} {password} {database} in a value stand for the scratch database."
EVERYTHING = {
    "SHOP_SECRET": "shop-secret-shop-sec",
    "SHOP_MAIL__HOST": "127.0.0.1",
    "SHOP_MAIL__PORT": "1",
    "SHOP_WORKERS": "4",
    "SHOP_SHELVES": "[]",
    "SHOP_STAGE": "local",
    "STORE_DSN": "{url}",
    "STORE_KEY": "0" * 64,
    "SITE": "http://127.0.0.1:9",
    "KIND": "small",
    "LAMP": '{"host": "host", "port": 1}',
    "SHOP_TOKEN": "shop-token",
    "SHOP_MAIL_PORT": "9",
    "SHOP_LOG_LEVEL": "shop-log-level",
    "SHOP_API_KEY": "shop-api-key",
    "DESK_SECRET": "desk-secret",
    "DESK_DEBUG": "false",
    "DESK_SIZE": "1",
    "HALL_SECRET": "hall-secret",
    "HALL_SIZE": "1",
    "SHELF": "shelf",
    "SHELF_DEPTH": "1",
    "YARD_SECRET": "yard-secret",
    "YARD_DEBUG": "false",
    "YARD_SIZE": "1",
    "ROOF_OWNER": "roof-owner",
    "ROOF_SECRET": "roof-secret",
    "ROOF_MAIL__HOST": "127.0.0.1",
    "ROOF_MAIL__SIZE": "roof-mail--size",
    "STORE_LOGIN": "store-login",
    "STORE_PORT": "9",
    "STORE_MACHINE": "store-machine",
}
PYDANTIC_1 = {
    "SHOP_SECRET": "shop-secret-shop-sec",
    "SHOP_MAIL__HOST": "127.0.0.1",
    "SHOP_MAIL__PORT": "1",
    "SHOP_WORKERS": "1",
    "SHOP_SHELVES": "[]",
    "STORE_DSN": "{url}",
}


def listed(values: dict[str, str]) -> list[str]:
    """Return the whole reason of a run that lacks these variables."""
    return [
        f"The project's settings need environment variables that are not set: {', '.join(values)}.",
        PROVEN,
        "Add to the command, or as `env` to [tool.alembic-checks]:",
        *(f"  --env {pair(*item)}" for item in values.items()),
        PLACES,
    ]


def pair(name: str, value: str) -> str:
    return f"'{name}={value}'" if set(value) & set('["') else f"{name}={value}"


@pytest.mark.parametrize(
    ("requirements", "files", "values"),
    [
        (EVERY_LIBRARY, variables.needs_everything(), EVERYTHING),
        (SETTINGS["pydantic 1"], variables.project(variables.PYDANTIC_1), PYDANTIC_1),
    ],
    ids=["every library", "pydantic 1"],
)
def test_all_variables_are_listed_at_once_and_suffice(
    requirements: Requirements, files: dict[str, str], values: dict[str, str], run: Run, tmp_path: Path
) -> None:
    builder.write(tmp_path, files)
    python = ("--python", python_for(requirements))
    ran = run(tmp_path, *python)
    assert ran.check("upgrade")["reason"].splitlines() == listed(values)
    assert ran.code == 5
    given = [word for item in values.items() for word in ("--env", "=".join(item))]
    ran = run(tmp_path, *python, *given)
    assert ran.outline == PASSED, ran.stderr


NOTE = (
    "4 environment variables come from .env.example: SHOP_SECRET, SHOP_SIZE (replaced by 1, because its value there is "
    "empty), MAIL_SERVER (replaced by 127.0.0.1), STORE_DSN (replaced by the scratch database). 3 environment "
    "variables come from docker-compose.yml: QUEUE_URL (replaced by 127.0.0.1), SHOP_STAGE, SHOP_REGION."
)


def test_examples_fill_in_what_is_missing_and_the_report_says_so(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, variables.has_examples())
    python = ("--python", python_for(EVERY_LIBRARY))
    ran = run(tmp_path, *python, "--trace", tmp_path / "trace.jsonl")
    assert ran.outline == PASSED, ran.stderr
    assert ran.report["trees"][0]["settings_note"] == NOTE
    assert NOTE in " ".join(ran.stdout.split())
    assert (tmp_path / "trace.jsonl").read_text().count('"event": "loaded"') == 2  # once in vain
    ran = run(tmp_path, *python, "--env-files", "none")
    assert ran.check("upgrade")["reason"].splitlines() == [
        "The project's settings need environment variables that are not set: SHOP_SECRET, SHOP_SIZE, MAIL_SERVER, "
        "STORE_DSN, QUEUE_URL, SHOP_STAGE, SHOP_REGION.",
        PROVEN.removesuffix(" env.py loads with the values below."),  # it does not: the project asserts what they are
        "Add to the command, or as `env` to [tool.alembic-checks]:",
        "  --env SHOP_SECRET=shop-secret",
        "  --env SHOP_SIZE=1",
        "  --env MAIL_SERVER=127.0.0.1",
        "  --env STORE_DSN=http://key@127.0.0.1:9/1",
        "  --env QUEUE_URL=http://127.0.0.1:9",
        "  --env SHOP_STAGE=shop-stage",
        "  --env SHOP_REGION=shop-region",
        PLACES,
    ]


def test_a_value_of_an_example_with_which_alone_the_project_loads_is_filled_in(run: Run, tmp_path: Path) -> None:
    ran = run(builder.commit(tmp_path, variables.knows_its_stage()) and tmp_path)
    assert ran.outline == PASSED, ran.stderr
    assert ran.report["trees"][0]["settings_note"] == "1 environment variable comes from .env.example: SHOP_STAGE."


def test_a_project_that_fails_with_what_was_filled_in_is_reported_with_it(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, variables.fails_with_its_example()))
    assert ran.check("upgrade")["reason"].splitlines() == [
        "The project's own code failed to load: AssertionError: the key is weak",
        "The exception was raised in settings.py, line 4. 1 environment variable comes from .env.example: SHOP_KEY.",
        "Fix the code there, or set the variables that it needs with --env. env.py ran in the repository's root.",
    ]


@pytest.mark.parametrize("is_another", [False, True])
def test_a_file_that_git_does_not_have_is_read_only_if_the_user_runs_the_code_and_it_is_an_example(
    is_another: bool, tmp_path: Path
) -> None:
    tracked = {".env.test": "TESTED=1", ".env.dev": "WRITTEN=1", "alembic.ini": builder.INI}
    builder.commit(
        tmp_path, {**tracked, ".env.sample": "CHANGED=1", "migrations/env.py": "", "migrations/versions/x": ""}
    )
    builder.write(tmp_path, {".env.sample": "CHANGED=2", ".env.example": "NEW=1", ".env.local": "OWN=1"})
    user = ProjectUser(name="project", uid=47113, gid=47113) if is_another else OURSELVES
    (tree,) = find_trees(tmp_path)
    offered = Filling(ProjectRun(python="/python", user=user), tmp_path).offered(tree)
    published = {} if is_another else {"CHANGED": "2", "NEW": "1"}
    assert offered == {"TESTED": "1", "WRITTEN": "1", **published}


def test_what_no_example_has_is_listed_beside_what_will_be_filled_in(run: Run, tmp_path: Path) -> None:
    settings = variables.WITH_EXAMPLES.replace("shop_size: int", "shop_size: int\n        shop_depth: float")
    builder.commit(tmp_path, variables.has_examples(settings))
    ran = run(tmp_path, "--python", python_for(EVERY_LIBRARY), "--env", "SHOP_STAGE=local", "--env", "SHOP_SIZE=x")
    assert ran.check("upgrade")["reason"].splitlines() == [
        "The project's settings need an environment variable that is not set: SHOP_DEPTH, and do not accept the value "
        "of SHOP_SIZE.",
        "SHOP_SIZE: Input should be a valid integer, unable to parse string as an integer",
        f"{PROVEN} 5 other variables will come from .env.example, docker-compose.yml: SHOP_SECRET, MAIL_SERVER, "
        "STORE_DSN, QUEUE_URL, SHOP_REGION.",
        "Add to the command, or as `env` to [tool.alembic-checks]:",
        "  --env SHOP_SIZE=1",
        "  --env SHOP_DEPTH=1.0",
        PLACES,
    ]


def test_the_base_gets_the_same_variables_and_those_of_its_own_example(run: Run, tmp_path: Path) -> None:
    """The change renames a variable in the settings and in the example, and edits a revision, so both codes run."""
    settings = "import os\n\nkey, {0} = os.environ['SHOP_KEY'], os.environ['SHOP_{1}']\n"
    then = variables.project(settings.format("lamp", "LAMP"), **{".env.example": "SHOP_KEY=k\nSHOP_LAMP=oil"})
    builder.commit(tmp_path, then)
    edited = Revision(id="a1", upgrade=f'op.execute("SELECT 1")\n{builder.CREATE_BOOK.strip()}')
    now = {"settings.py": settings.format("light", "LIGHT"), ".env.example": "SHOP_KEY=k\nSHOP_LIGHT=gas"}
    builder.commit(tmp_path, now, builder.versions(edited))
    ran = run(tmp_path, "--base", "HEAD~1", "--trace", tmp_path / "trace.jsonl")
    assert [line for line in ran.outline if "upgrade" in line or "drift" in line] == [
        "  upgrade passed",
        "  drift passed",
    ], ran.stdout
    note = "2 environment variables come from .env.example: SHOP_KEY, SHOP_LIGHT."
    assert ran.report["trees"][0]["settings_note"] == note
    assert (tmp_path / "trace.jsonl").read_text().count('"event": "loaded"') == 4  # each once in vain


def test_an_example_decides_on_postgresql_where_sqlite_is_the_default(run: Run, tmp_path: Path) -> None:
    builder.write(tmp_path, loading.by_settings(loading.PLAIN_SETTINGS))
    builder.write(tmp_path, {".env.example": "SHOP_URL=postgresql://me@db/shop\nSHELF_URL=postgresql://db/shelf"})
    ran = run(tmp_path)
    assert ran.outline == PASSED, ran.stderr
    note = "1 environment variable comes from .env.example: SHELF_URL (replaced by the scratch database)."
    assert ran.report["trees"][0]["settings_note"] == note


def test_what_is_missing_after_the_init_command_is_listed_at_once(run: Run, tmp_path: Path) -> None:
    reads = """
        import os
        from sqlalchemy import create_engine, text

        with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
            connection.execute(text("SELECT 1 FROM shelf"))
        oak, elm = os.environ["OAK_KEY"], os.environ["ELM_KEY"]
    """
    builder.write(tmp_path, {**variables.project(reads), "init.py": variables.MAKES_A_SHELF})
    ran = run(tmp_path, "--init", "python init.py")
    assert ran.check("upgrade")["reason"].splitlines() == [
        *(listed({"OAK_KEY": "oak-key", "ELM_KEY": "elm-key"})),
    ]
