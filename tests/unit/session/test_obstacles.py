"""The sentences for what keeps a project from being rehearsed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from action.project.tree import Tree
from action.sandbox.project_user import ProjectUser
from action.session.obstacles import SENTENCES, describe
from action.session.running import ProjectRun
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


def said(kind: ObstacleKind, **event: Any) -> list[str]:
    obstacle = describe({"kind": kind.value, **event}, TREE, RUN)
    assert obstacle.kind is kind
    return [obstacle.message, obstacle.why, obstacle.remedy]


def test_every_kind_has_its_sentences() -> None:
    assert set(SENTENCES) == set(ObstacleKind) - {ObstacleKind.NO_SERVER, ObstacleKind.NO_BASE}  # not of the probe


def test_only_code_that_does_not_load_is_the_project_s_fault() -> None:
    event = {"error": "ValueError", "text": "no", "module": "shop", "settings": {"A": None}}
    fault = {kind for kind in SENTENCES if describe({**event, "kind": kind.value}, TREE, RUN).is_project_code}
    assert fault == {ObstacleKind.MISSING_MODULE, ObstacleKind.MISSING_SETTINGS, ObstacleKind.LOAD_FAILED}


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


def test_in_the_image_settings_are_given_by_an_input() -> None:
    event = {"kind": ObstacleKind.MISSING_SETTINGS.value, "settings": {"A": None, "B": None}}
    assert describe(event, TREE, IN_THE_IMAGE).remedy == (
        "Add to the action's input `env`, a line each (or to [tool.alembic-checks.env]; at a command line by --env):\n"
        "  A=…\n  B=…\n"
        "  {url} {host} {port} {user} {password} {database} in a value stand for the scratch database."
    )


def test_what_raised_is_told_with_the_env_py_of_its_tree() -> None:
    assert said(ObstacleKind.LOAD_FAILED, error="ValueError", text="no\nway", maybe=["SHOP_URL"]) == [
        "The project's own code failed to load: ValueError: no",
        "It was raised while running backend/migrations/env.py.",
        "The message names a variable that is not set:\n  --env SHOP_URL=…",
    ]


def test_what_raised_is_told_with_its_place_where_that_is_known() -> None:
    event = {"error": "ValueError", "text": "no", "path": "backend/models.py", "line": 3}
    assert said(ObstacleKind.LOAD_FAILED, **event)[1] == "It was raised in backend/models.py, line 3."


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ({}, "It never called context.configure() and context.run_migrations()."),
        ({"configured": True}, "It called context.configure(), but never context.run_migrations()."),
        ({"configured": True, "offline": True}, "It configured Alembic without a connection."),
    ],
)
def test_how_far_an_env_py_came_that_never_ran_is_told(event: dict[str, Any], why: str) -> None:
    assert said(ObstacleKind.NEVER_RAN, **event)[1] == why


def test_an_exception_that_was_swallowed_has_a_remedy_of_its_own() -> None:
    reason = "Revision b2 broke off, and env.py swallowed the exception."
    assert said(ObstacleKind.NOT_AT_HEADS, rows=("a1",), reason=reason) == [
        "env.py ran without an error, but the scratch database's version table holds a1.",
        reason,
        "Let env.py raise what a migration raises, so that a deploy stops there.",
    ]
    assert "committed" in said(ObstacleKind.NOT_AT_HEADS, rows=())[1]


def test_the_details_are_the_traceback_or_else_the_text() -> None:
    event = {"kind": "graph", "text": "KeyError: 'z9'"}
    assert describe(event, TREE, RUN).details == "KeyError: 'z9'"
    assert describe({**event, "traceback": "Traceback"}, TREE, RUN).details == "Traceback"
