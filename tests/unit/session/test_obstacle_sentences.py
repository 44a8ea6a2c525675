"""The sentences for what keeps a project from being rehearsed."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from action.interpreter.by_uv import ByUv
from action.interpreter.declared import DeclaringFile, Shape
from action.interpreter.installer import Installer
from action.interpreter.prepared import Installation, Prepared
from action.interpreter.python_version import ANY
from action.project.alembic_tree import Tree
from action.sandbox.project_user import ProjectUser
from action.session.events import ObstacleMet
from action.session.fault_sentences import interrupted
from action.session.obstacle_sentences import (
    SENTENCES,
    describe,
    died,
    other_code,
    timed_out,
)
from action.session.running import ProjectRun
from action.session.version_sentences import heads_unknown, not_at_heads
from checks.recording.obstacles import ObstacleKind

HERE = Path("/repository/backend")
TREE = Tree(
    path="backend/alembic.ini",
    config_file=HERE / "alembic.ini",
    workdir=HERE,
    script_location=HERE / "migrations",
    version_locations=(HERE / "migrations" / "versions",),
    env_py=HERE / "migrations" / "env.py",
)
RUN = ProjectRun(python="/python")


IN_THE_IMAGE = ProjectRun(python="/python", user=ProjectUser(name="project", uid=47113, gid=47113))


def met(kind: ObstacleKind, **fields: Any) -> ObstacleMet:
    return ObstacleMet(kind=kind.value, **fields)  # type: ignore[arg-type]


def said(kind: ObstacleKind, **fields: Any) -> list[str]:
    obstacle = describe(met(kind, **fields), TREE, RUN)
    assert obstacle.kind is kind
    return [obstacle.message, obstacle.why, obstacle.remedy]


MADE_ELSEWHERE = (
    *(ObstacleKind.NO_SERVER, ObstacleKind.NO_BASE, ObstacleKind.REMOVED_MODULE),
    ObstacleKind.NEEDS_SUPERUSER,  # by the rehearsal, which knows the role
)


def test_every_kind_has_its_sentences() -> None:
    ours = {
        not_at_heads((), "", None).kind,
        timed_out(1, "").kind,
        died("", "").kind,
        other_code(["shop"]).kind,
        interrupted("disk-full", during="").kind,
    }
    assert set(SENTENCES) | ours == set(ObstacleKind) - {*MADE_ELSEWHERE}
    assert not set(SENTENCES) & ours


def test_only_code_that_does_not_load_is_the_project_s_fault() -> None:
    fields: dict[str, Any] = {"error": "ValueError", "text": "no", "module": "shop", "settings": {"A": None}}
    fault = {kind for kind in SENTENCES if describe(met(kind, **fields), TREE, RUN).is_project_code}
    own_way = {ObstacleKind.MISSING_X_ARGS, ObstacleKind.OWN_CONFIG, ObstacleKind.NO_CONFIG, ObstacleKind.OTHER_SCRIPTS}
    assert fault == {
        ObstacleKind.MISSING_MODULE,
        ObstacleKind.MISSING_SETTINGS,
        ObstacleKind.LOAD_FAILED,
        ObstacleKind.COMMAND_ENDED,
        *own_way,
    }


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"TOKEN": None}, "The project's settings need an environment variable that is not set: TOKEN."),
        (
            {"TOKEN": None, "URL": None},
            "The project's settings need environment variables that are not set: TOKEN, URL.",
        ),
        (
            {"SHELVES": "not a number"},
            "The project's settings do not accept the value of SHELVES.\nSHELVES: not a number",
        ),
    ],
)
def test_missing_settings_are_counted_and_have_a_line_each(settings: dict[str, Any], message: str) -> None:
    what, _, remedy = said(ObstacleKind.MISSING_SETTINGS, settings=settings)
    assert what == message
    assert [line for line in remedy.splitlines() if "--env" in line] == [f"  --env {name}=…" for name in settings]


def test_what_is_missing_and_what_is_refused_are_one_message_with_values_for_a_shell() -> None:
    settings: dict[str, Any] = {"TOKEN": None, "SHELVES": "not a list"}
    what, _, remedy = said(
        ObstacleKind.MISSING_SETTINGS, settings=settings, decides={"TOKEN": "{url}", "SHELVES": "[]"}
    )
    assert what == (
        "The project's settings need an environment variable that is not set: TOKEN, and do not accept the value of "
        "SHELVES.\nSHELVES: not a list"
    )
    assert remedy.splitlines()[1:-1] == ["  --env TOKEN={url}", "  --env 'SHELVES=[]'"]


def test_in_the_image_settings_are_given_by_an_input() -> None:
    event = met(ObstacleKind.MISSING_SETTINGS, settings={"A": None, "B": None}, decides={"B": "1"})
    assert describe(event, TREE, IN_THE_IMAGE).remedy == (
        "Add to the action's inputs (or to [tool.alembic-checks.env]; at a terminal: --env):\n"
        "  env: |\n    A=…\n    B=1\n"
        "  {url} {host} {port} {user} {password} {database} in a value stand for the scratch database."
    )


def test_what_raised_is_reported_with_the_env_py_of_its_tree() -> None:
    assert said(ObstacleKind.LOAD_FAILED, error="ValueError", text="no\nway", maybe=("SHOP_URL",)) == [
        "The project's own code failed to load: ValueError: no",
        "The exception was raised while running backend/migrations/env.py.",
        "Set the variable that the message names:\n  --env SHOP_URL=…",
    ]


def test_every_missing_module_has_its_line_and_what_all_lines_end_with_comes_once(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    declared = DeclaringFile(shape=Shape.REQUIREMENTS, file=file, folder=tmp_path, root=tmp_path)
    by = ByUv(uv="uv", installer=Installer(), environment=tmp_path, declared=declared, cleanup=ExitStack())
    prepared = Prepared(python="/python", installation=Installation(by=by, wanted=ANY))
    missing = {"module": "alembic", "also": ("sqlalchemy", "asyncpg"), "text": "No module named 'alembic'"}
    run = ProjectRun(python="/python", prepared=prepared)
    obstacle = describe(met(ObstacleKind.MISSING_MODULE, **missing), TREE, run)
    assert obstacle.message == (
        "The project needs the modules 'alembic', 'sqlalchemy' and 'asyncpg', which /python cannot import."
    )
    assert obstacle.remedy.splitlines() == [
        "Add the line `alembic` to requirements.txt.",
        "Add the line `sqlalchemy` to requirements.txt.",
        "Add the line `asyncpg` to requirements.txt.",
    ]


def test_an_env_py_that_was_never_committed_is_to_be_committed() -> None:
    text = f"Can't find Python file {TREE.env_py}"
    assert said(ObstacleKind.LOAD_FAILED, error="ImportError", text=text)[2] == (
        "Commit env.py: the repository does not have it. It may be among the ignored files."
    )


def test_an_async_driver_in_a_synchronous_engine_is_named_as_the_cause() -> None:
    text = "greenlet_spawn has not been called; can't call await_only() here. Was IO attempted in an unexpected place?"
    assert said(ObstacleKind.LOAD_FAILED, error="MissingGreenlet", text=text)[2] == (
        "env.py uses an async driver with a synchronous engine. Use async_engine_from_config() in env.py, as Alembic's "
        "template `async` does, or a URL of a synchronous driver, such as postgresql+psycopg2://."
    )


@pytest.mark.parametrize("by", ["(psycopg2.errors.X) ", "(a.b.ProgrammingError) <class 'asyncpg.errors.X'>: ", ""])
def test_a_schema_that_no_migration_can_make_in_time_has_the_line_that_makes_it(by: str) -> None:
    text = f'{by}schema "__shop" does not exist\nLINE 2: CREATE TABLE __shop.alembic_version'
    assert said(ObstacleKind.LOAD_FAILED, error="ProgrammingError", text=text)[2] == (
        "Set `postgres-setup: CREATE SCHEMA __shop;` (--postgres-setup): env.py uses the schema before any migration "
        "runs."
    )


def test_what_raised_is_reported_with_its_place_where_that_is_known() -> None:
    event: dict[str, Any] = {"error": "ValueError", "text": "no", "path": "backend/models.py", "line": 3}
    assert said(ObstacleKind.LOAD_FAILED, **event)[1] == "The exception was raised in backend/models.py, line 3."


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ({}, "env.py never called context.configure() and context.run_migrations()."),
        ({"configured": True}, "env.py called context.configure(), but never context.run_migrations()."),
        ({"configured": True, "offline": True}, "env.py configured Alembic without a connection."),
    ],
)
def test_how_far_an_env_py_came_that_never_ran_is_reported(event: dict[str, Any], why: str) -> None:
    assert said(ObstacleKind.NEVER_RAN, **event)[1] == why


def test_an_exception_that_was_swallowed_has_a_remedy_of_its_own() -> None:
    obstacle = not_at_heads(("a1",), "Not applied: b2", "b2")
    assert [obstacle.message, obstacle.why, obstacle.remedy, obstacle.details] == [
        "env.py ran without an error, but the scratch database's version table holds a1.",
        "Revision b2 raised an exception, and env.py swallowed it.",
        "Re-raise the exception in env.py, so that a deploy stops.",
        "Not applied: b2",
    ]
    assert "committed" in not_at_heads((), "Not applied: b2", None).why


def test_rows_that_alembic_does_not_leave_have_a_reason_of_their_own() -> None:
    obstacle = not_at_heads(("b2", "z9"), "Unknown revision: z9", None, ("z9",))
    assert [obstacle.message, obstacle.why, obstacle.remedy, obstacle.details] == [
        "env.py ran without an error, but the scratch database's version table holds b2, z9.",
        "Unknown revision: z9. Alembic itself leaves only the heads there, so other code wrote to the version table.",
        "Remove the code that writes to the version table from the migrations, env.py or the `init` command.",
        "Unknown revision: z9",
    ]


def test_heads_that_the_version_files_do_not_tell_are_said_to_be_unknown() -> None:
    obstacle = heads_unknown(("a1",), ("b2",), "The revision in versions/b2.py cannot be read: it is a link.")
    assert [obstacle.kind, obstacle.message, obstacle.why, obstacle.remedy] == [
        ObstacleKind.NOT_AT_HEADS,
        "The heads cannot be read from the version files. The revision in versions/b2.py cannot be read: it is a link.",
        "The version table holds a1, but the heads that Alembic names are b2.",
        "Write `revision`, `down_revision` and `depends_on` as literals, with another `revision` in each file.",
    ]


def test_the_details_are_the_traceback_or_else_the_text() -> None:
    assert describe(met(ObstacleKind.GRAPH, text="KeyError: 'z9'"), TREE, RUN).details == "KeyError: 'z9'"
    both = met(ObstacleKind.GRAPH, text="KeyError: 'z9'", traceback="Traceback")
    assert describe(both, TREE, RUN).details == "Traceback"


@pytest.mark.parametrize(
    ("file", "run", "remedy"),
    [
        (
            "libodbc.so.2",
            IN_THE_IMAGE,
            "Add to the action's inputs the Debian package that has libodbc.so.2:\n  apt-packages: unixodbc",
        ),
        ("libodbc.so.2", RUN, "Install the system's library libodbc.so.2 (Debian: unixodbc)."),
        ("libshop.so", IN_THE_IMAGE, "Set `apt-packages` to the Debian package that has libshop.so."),
    ],
)
def test_a_library_of_the_system_has_its_package(file: str, run: ProjectRun, remedy: str) -> None:
    text = f"{file}: cannot open shared object file: No such file or directory"
    event = met(ObstacleKind.LOAD_FAILED, error="ImportError", text=text)
    obstacle = describe(event, TREE, run)
    assert obstacle.remedy == remedy
    assert obstacle.message == f"The project's own code failed to load: ImportError: {text}"


def test_a_command_that_was_chosen_for_the_project_is_named_where_it_fails() -> None:
    command = "litestar database upgrade --no-prompt"
    assert said(ObstacleKind.LOAD_FAILED, error="NameError", text="name 'Shelf' is not defined", command=command) == [
        "The project's own code failed to load: NameError: name 'Shelf' is not defined",
        f"The exception was raised by the command `{command}`, before it ran env.py.",
        "Fix the code there, or set the variables that it needs with --env. env.py ran in the folder backend. Or set "
        f"`command` to the one that upgrades the database, in place of `{command}`.",
    ]
