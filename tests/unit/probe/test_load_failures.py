"""What an exception of env.py's says is missing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from action.probe.load_failures import obstacle
from action.probe.refused import Refused
from action.probe.watching.frames import Places


class Mail(BaseModel):
    host: str
    port: int = 25


class BaseSettings(BaseModel):
    """Bears the name by which settings are known from other models; the real ones are in the integration tests."""


class Settings(BaseSettings):
    model_config = ConfigDict(env_prefix="shop_", env_nested_delimiter="__")  # type: ignore[typeddict-unknown-key]

    secret: str
    shelves: int = 1
    mail: Mail


def caught(work: Callable[[], object]) -> BaseException:
    with pytest.raises(BaseException) as info:  # noqa: PT011 - whatever it is
        work()
    return info.value


def fields(failure: BaseException, tmp_path: Path, *names: str) -> dict[str, Any]:
    found = obstacle(failure, Places(str(tmp_path), []))
    return {name: found.get(name) for name in ("kind", *names)}


def test_a_variable_that_os_environ_lacks_is_a_missing_setting(tmp_path: Path) -> None:
    failure = caught(lambda: os.environ["SHOP_SECRET_OF_THE_TESTS"])
    expected = {"kind": "missing-settings", "settings": {"SHOP_SECRET_OF_THE_TESTS": None}}
    assert fields(failure, tmp_path, "settings") == expected


def test_a_key_that_some_other_mapping_lacks_is_none(tmp_path: Path) -> None:
    empty: dict[str, str] = {}
    failure = caught(lambda: empty["title"])
    assert fields(failure, tmp_path, "maybe") == {"kind": "load-failed", "maybe": []}


def test_a_variable_that_a_message_names_may_be_missing(tmp_path: Path) -> None:
    failure = RuntimeError("set SHOP_TOKEN_OF_THE_TESTS or PATH first")
    assert fields(failure, tmp_path, "maybe") == {"kind": "load-failed", "maybe": ["SHOP_TOKEN_OF_THE_TESTS"]}


def test_a_name_that_the_code_lacks_is_no_variable(tmp_path: Path) -> None:
    failure = AttributeError("'Settings' object has no attribute 'SHOP_TOKEN_OF_THE_TESTS'")
    assert fields(failure, tmp_path, "maybe") == {"kind": "load-failed", "maybe": []}


def test_settings_of_pydantic_are_named_by_their_variables(tmp_path: Path) -> None:
    given: dict[str, Any] = {"shelves": "many", "mail": {"port": 25}}
    failure = caught(lambda: Settings(**given))
    settings = fields(failure, tmp_path, "settings")["settings"]
    assert list(settings) == ["SHOP_SECRET", "SHOP_SHELVES", "SHOP_MAIL__HOST"]
    assert settings["SHOP_SECRET"] is settings["SHOP_MAIL__HOST"] is None
    assert settings["SHOP_SHELVES"].startswith("Input should be a valid integer")


def test_a_model_of_pydantic_that_holds_no_settings_is_code_that_fails(tmp_path: Path) -> None:
    failure = caught(lambda: Mail.model_validate({}))
    assert fields(failure, tmp_path) == {"kind": "load-failed"}


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("SHOP_SECRET not found. Declare it as envvar or define a default value.", "SHOP_SECRET"),
        ("Set the SHOP_SECRET environment variable", "SHOP_SECRET"),
    ],
)
def test_decouple_and_environ_name_what_they_miss(message: str, name: str, tmp_path: Path) -> None:
    expected = {"kind": "missing-settings", "settings": {name: None}}
    assert fields(Exception(message), tmp_path, "settings") == expected


def test_the_cause_that_says_most_is_reported(tmp_path: Path) -> None:
    def work() -> None:
        try:
            __import__("library_of_nowhere.shelves")
        except ImportError as error:
            raise RuntimeError("the plug-in does not load") from error

    expected = {"kind": "missing-module", "module": "library_of_nowhere"}
    assert fields(caught(work), tmp_path, "module") == expected


def test_of_two_modules_that_were_tried_the_last_is_reported(tmp_path: Path) -> None:
    def work() -> None:
        try:
            __import__("library_of_the_future")
        except ImportError:
            __import__("library_of_nowhere")

    assert fields(caught(work), tmp_path, "module") == {"kind": "missing-module", "module": "library_of_nowhere"}


def test_what_was_handled_before_is_not_the_cause(tmp_path: Path) -> None:
    def work() -> None:
        try:
            __import__("library_of_nowhere")
        except ImportError:
            raise RuntimeError("the library is closed") from None

    assert fields(caught(work), tmp_path, "text") == {"kind": "load-failed", "text": "the library is closed"}


@pytest.mark.parametrize(("code", "expected"), [(None, 0), (0, 0), (3, 3), ("no settings", "no settings")])
def test_an_exit_is_reported_with_its_code(code: Any, expected: Any, tmp_path: Path) -> None:
    assert fields(SystemExit(code), tmp_path, "code") == {"kind": "exited", "code": expected}


def test_a_refused_connection_keeps_its_kind_through_what_wraps_it(tmp_path: Path) -> None:
    def work() -> None:
        try:
            raise Refused("other-database", "connects to sqlite, not to PostgreSQL")
        except Refused as error:
            raise RuntimeError("no database") from error

    assert fields(caught(work), tmp_path, "text") == {
        "kind": "other-database",
        "text": "connects to sqlite, not to PostgreSQL",
    }


@pytest.mark.parametrize(
    ("message", "mismatch"),
    [
        ("The asyncio extension requires an async driver to be used. The loaded 'psycopg2' is not async.", True),
        ("greenlet_spawn has not been called; can't call await_only() here.", True),
        ("No module named 'asyncpg'", True),
        ("Can't load plugin: sqlalchemy.dialects:postgresql.foo", True),
        ("No module named 'asyncpg_extras'", False),
        ("relation does not exist", False),
    ],
)
def test_a_driver_that_the_project_did_not_expect_is_recognised(message: str, mismatch: bool, tmp_path: Path) -> None:
    assert fields(RuntimeError(message), tmp_path, "driver_mismatch")["driver_mismatch"] is mismatch


def test_the_place_is_the_project_s_own_last_line(tmp_path: Path) -> None:
    source = tmp_path / "settings.py"
    source.write_text("import json\n\njson.loads('{')\n")
    failure = caught(lambda: exec(compile(source.read_text(), str(source), "exec"), {}))
    assert fields(failure, tmp_path, "path", "line") == {"kind": "load-failed", "path": "settings.py", "line": 3}


def test_a_syntax_error_is_placed_where_it_is(tmp_path: Path) -> None:
    source = tmp_path / "models.py"
    failure = caught(lambda: compile("x = 1\ndef\n", str(source), "exec"))
    assert fields(failure, tmp_path, "path", "line") == {"kind": "load-failed", "path": "models.py", "line": 2}


def test_a_name_whose_import_was_passed_over_says_why_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "site-packages"
    installed.mkdir()
    said = "libodbc.so.2: cannot open shared object file: No such file or directory"
    (installed / "of_the_tests.py").write_text(f"raise ImportError({said!r})\n")
    monkeypatch.syspath_prepend(str(installed))
    failure = NameError("name 'of_the_tests' is not defined")
    text = f"name 'of_the_tests' is not defined (its import fails: {said})"
    assert fields(failure, tmp_path / "project", "text") == {"kind": "load-failed", "text": text}
    failure = NameError("name 'nothing_of_the_tests' is not defined")
    assert fields(failure, tmp_path, "text") == {"kind": "load-failed", "text": str(failure)}
