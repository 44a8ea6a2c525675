"""Which variables an exception of a settings library asks for, and values that would do."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, HttpUrl, PostgresDsn

from action.probe.placeholders import guesses, part_of
from action.probe.settings_errors import AskedVariables, asked_for
from action.probe.unset_reads import unset_reads
from action.probe.watching.frames import Places


class Lamp(BaseModel):
    kind: str
    watts: int


class Kind(Enum):
    OIL = "oil"


class BaseSettings(BaseModel):
    """Bears the name by which settings are known from other models; the real ones are in the integration tests."""


class Nested(BaseSettings):
    model_config = ConfigDict(env_prefix="shop_", env_nested_delimiter="__")  # type: ignore[typeddict-unknown-key]

    lamp: Lamp
    store: PostgresDsn
    site: HttpUrl
    kind: Kind
    stage: Literal["local", "live"]
    shelves: list[str]
    note: str | None
    key: str = Field(validation_alias=AliasChoices("KEY", "TOKEN"))
    owner: str = Field(min_length=10)


class Flat(BaseSettings):
    lamp: Lamp
    depth: int = Field(gt=2)


def caught(work: Any) -> BaseException:
    with pytest.raises(BaseException) as info:  # noqa: PT011 - whatever it is
        work()
    return info.value


def test_a_settings_class_asks_for_all_its_leaves_with_a_value_of_their_types() -> None:
    assert asked_for(caught(Nested)) == {
        "SHOP_LAMP__KIND": AskedVariables(),
        "SHOP_LAMP__WATTS": AskedVariables(samples=("1",)),
        "SHOP_STORE": AskedVariables(samples=("{url}",)),
        "SHOP_SITE": AskedVariables(samples=("http://127.0.0.1:9",)),
        "SHOP_KIND": AskedVariables(samples=("oil",)),
        "SHOP_STAGE": AskedVariables(samples=("local",)),
        "SHOP_SHELVES": AskedVariables(samples=("[]",)),
        "SHOP_NOTE": AskedVariables(),
        "KEY": AskedVariables(also=("TOKEN",)),
        "SHOP_OWNER": AskedVariables(),
    }


def test_without_a_delimiter_a_model_is_one_variable_and_a_rule_names_a_value_that_it_allows() -> None:
    asked = asked_for(caught(lambda: Flat(depth=1)))  # type: ignore[call-arg]
    assert asked["LAMP"] == AskedVariables(samples=('{"kind": "kind", "watts": 1}',))
    assert asked["DEPTH"] == AskedVariables("Input should be greater than 2", ("3", "1"))


@pytest.mark.parametrize(
    ("failure", "asked"),
    [
        (Exception("KEY not found. Declare it as envvar or define a default value."), {"KEY": AskedVariables()}),
        (Exception("Set the KEY environment variable"), {"KEY": AskedVariables()}),
        (Exception('Environment variable "KEY" not set'), {"KEY": AskedVariables()}),
        (
            Exception('Environment variable "KEY" invalid: Not a valid integer.'),
            {"KEY": AskedVariables("Not a valid integer.")},
        ),
        (KeyError("Config 'KEY' is missing, and has no default."), {"KEY": AskedVariables()}),
        (ValueError("Config 'KEY' has value 'x'. Not a valid int."), {"KEY": AskedVariables("Not a valid int.")}),
        (Exception("the library was not found."), {}),
        (Exception("library not found.\nLook elsewhere"), {}),
        (KeyError("KEY"), {}),
    ],
)
def test_the_words_of_each_library_are_known(failure: Exception, asked: dict[str, AskedVariables]) -> None:
    assert asked_for(failure) == asked


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("SHOP_DB_HOST", "{host}"),
        ("POSTGRES_PORT", "{port}"),
        ("SHOP_DATABASE_URL", "{url}"),
        ("PG_CONNECTION_STRING", "{url}"),
        ("DB_USERNAME", "{user}"),
        ("MONGO_DB_URL", None),
        ("MAIL_HOST", None),
        ("DBT_PROFILE", None),
    ],
)
def test_the_name_of_a_variable_says_what_of_the_scratch_database_it_is(name: str, part: str | None) -> None:
    assert part_of(name) == part


def test_values_are_tried_in_the_order_of_what_is_known() -> None:
    assert guesses("SHOP_SIZE")[0] == "shop-size"
    assert guesses("SHOP_SIZE", "invalid literal for int() with base 10: 'shop-size'")[0] == "1"
    assert guesses("SHOP_KEY", "Fernet key must be 32 url-safe base64-encoded bytes.")[0].endswith("=")
    assert guesses("SHOP_MAIL_PORT", samples=["7"])[:2] == ["7", "9"]


def test_the_variables_behind_a_value_are_found_where_they_are_read(tmp_path: Path) -> None:
    source = tmp_path / "store.py"
    source.write_text(
        "import os\n"
        'host, lamp = os.getenv("STORE_HOST_OF_THE_TESTS"), os.getenv("LAMP_OF_THE_TESTS")\n'
        'user = os.environ.get("STORE_USER_OF_THE_TESTS", "me")\n'
        "def url():\n"
        '    port = os.getenv("STORE_PORT_OF_THE_TESTS")\n'
        '    return f"{user}@{host}:{int(port)}"\n'
        "url()\n"
    )
    failure = caught(lambda: exec(compile(source.read_text(), str(source), "exec"), {}))
    assert unset_reads(failure, Places(str(tmp_path), [])) == [
        "STORE_HOST_OF_THE_TESTS",
        "STORE_PORT_OF_THE_TESTS",
    ]
