"""A secret is one by its declaration alone: one that is new here is hidden, masked and refused like the others."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field, SecretStr, field_validator

from action.commands.redaction import redacted, secrets_of
from action.errors import SettingsError
from action.runner import Runner
from action.settings import Settings, load
from action.settings.declaring import OTHER, Declared, Secrecy, Setting, setting_of
from action.settings.sources import option

SECRET = "hunter2-hunter2"


def secret(secrecy: Secrecy = Secrecy.VALUE) -> Setting:
    return Setting(help="a new secret", group=OTHER, accepts="a secret", metavar="SECRET", secrecy=secrecy)


class WithSecrets(Settings):
    """The settings, and new secrets of each form and of several types."""

    plain_key: Annotated[str | None, Field(max_length=20), secret()] = None
    typed_key: Annotated[SecretStr | None, Field(max_length=20), secret()] = None
    several_keys: Annotated[tuple[Annotated[str, Field(max_length=20)], ...], secret()] = ()
    pin: Annotated[int | None, secret()] = None
    mirror_url: Annotated[str | None, Field(max_length=60), secret(Secrecy.PASSWORD)] = None
    more_env: Annotated[dict[str, Annotated[str, Field(max_length=20)]], secret(Secrecy.VARIABLES)] = Field(
        default_factory=dict
    )

    @field_validator("typed_key")
    @classmethod
    def _quoting(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and " " in value.get_secret_value():
            raise ValueError(f"{value.get_secret_value()} holds a blank")
        return value


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def refusal(argv: list[str], cwd: Path, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load(argv, cwd, environ, model=WithSecrets)
    return str(caught.value)


BAD = {
    "plain-key": SECRET * 2,
    "typed-key": SECRET * 2,
    "several-keys": SECRET * 2,
    "pin": SECRET,
    "mirror-url": f"https://u:{SECRET}@h/{'x' * 60}",
    "more-env": SECRET,
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_value_of_a_new_secret_is_quoted_nowhere(workspace: Path, name: str) -> None:
    of_input = refusal([], workspace, {f"INPUT_{name.upper()}": BAD[name]})
    assert f"{name} (input): not accepted; accepted: a secret." in of_input
    of_option = refusal([f"--{name}", BAD[name]], workspace)
    assert f"--{name} (command line): not accepted; accepted: a secret." in of_option
    (workspace / "pyproject.toml").write_text(f'[tool.alembic-checks]\n{name} = "{BAD[name]}"\n')
    of_file = refusal([], workspace)
    assert f"{name} ([tool.alembic-checks] of {workspace}/pyproject.toml): not accepted; accepted" in of_file
    assert SECRET not in of_input + of_option + of_file


def test_a_validator_that_quotes_what_it_refuses_is_not_repeated(workspace: Path) -> None:
    for text in (refusal(["--typed-key", "hunter 2"], workspace), refusal([], workspace, {"INPUT_TYPED-KEY": "a b c"})):
        assert "typed-key" in text
        assert "not accepted; accepted: a secret." in text
        assert "hunter 2" not in text
        assert "a b c" not in text


@pytest.mark.parametrize(
    "argv",
    [
        ["--plain-keys", SECRET],
        ["--plain_key", SECRET],
        ["--typed-ky", SECRET, "--tree", "a.ini"],
        ["--plain-key=x", "--github-token", SECRET],
        [".", "--plain-keys", SECRET],
        [f"--typed-ky={SECRET}"],
        ["--keep=yes", "--plain-key", SECRET],
    ],
)
def test_what_follows_a_misspelt_or_misplaced_secret_is_not_quoted(workspace: Path, argv: list[str]) -> None:
    assert SECRET not in refusal(argv, workspace)


def test_a_misspelt_option_that_is_no_secret_takes_no_word_away(workspace: Path) -> None:
    assert "none (command line)" in refusal([".", "--verbos", "none"], workspace)


def given() -> WithSecrets:
    return WithSecrets(
        plain_key=f"{SECRET}-1",
        typed_key=SecretStr(f"{SECRET}-2"),
        several_keys=(f"{SECRET}-3", f"{SECRET}-4"),
        pin=1234567890,
        mirror_url="https://u:pass-w0rd-5@h/d",
        more_env={"API_KEY": f"{SECRET}-6", "MODE": "development", "CACHE": "r://:pass-w0rd-7@h"},
    )


def test_a_new_secret_stands_in_no_repr() -> None:
    for text in (repr(given()), str(given())):
        assert "path=" in text
        assert not any(found in text for found in (SECRET, "pass-w0rd", "1234567890"))


def test_a_new_secret_is_masked_in_the_log_and_redacted_in_reports() -> None:
    found = secrets_of(given(), {})
    keys = [f"{SECRET}-{number}" for number in (1, 2, 3, 4, 6)]
    assert sorted(found) == sorted([*keys, "1234567890", "pass-w0rd-5", "pass-w0rd-7"])
    assert redacted((f"a{SECRET}-2b", "https://u:pass-w0rd-5@h/d"), found) == ("a***b", "https://u:***@h/d")
    log = io.StringIO()
    Runner({"GITHUB_ACTIONS": "true"}, log).mask(found)
    assert log.getvalue().splitlines() == [f"::add-mask::{value}" for value in found]


def test_a_pull_requests_own_pyproject_sets_no_new_secret_but_variables(workspace: Path) -> None:
    (workspace / "pyproject.toml").write_text(
        f'[tool.alembic-checks]\nplain-key = "{SECRET}"\ntyped-key = "{SECRET}"\nseveral-keys = ["{SECRET}"]\n'
        f'pin = 1\nmirror-url = "https://h"\nmore-env = {{A = "1"}}\n'
    )
    lines: list[str] = []
    assert load([], workspace, {}, report_ignored=lines.append, model=WithSecrets) == WithSecrets(
        path=workspace, more_env={"A": "1"}
    )
    names = ["plain-key", "typed-key", "several-keys", "pin", "mirror-url"]
    assert [line.partition(" ")[0] for line in lines] == names
    assert SECRET not in " ".join(lines)
    at_a_terminal = load([], workspace, model=WithSecrets)
    assert isinstance(at_a_terminal, WithSecrets)
    assert at_a_terminal.plain_key == SECRET


def test_which_settings_are_secret_today() -> None:
    fields = Settings.model_fields.items()
    assert {option(name, field): about.secrecy for name, field in fields if (about := setting_of(field)).is_hidden} == {
        "github-token": Secrecy.VALUE,
        "database-url": Secrecy.PASSWORD,
        "env": Secrecy.VARIABLES,
    }


def test_a_secret_type_without_a_declared_secrecy_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Forgotten\.key holds a secret: declare its secrecy"):

        class Forgotten(Declared):
            """A model whose author forgot."""

            key: Annotated[SecretStr | None, Setting(help="", group=OTHER, accepts="")] = None


def test_a_field_without_a_declaration_is_refused() -> None:
    with pytest.raises(TypeError, match="a setting is declared with Annotated"):

        class Bare(Declared):
            """A model whose field says nothing."""

            key: str = ""
