"""The stand-in for the runner reads what a step leaves as the runner does, and runs it with the runner's variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.runner import Job, Runner, declared_inputs
from tests.e2e.runner_commands import Annotation, BadFile, Command, Interpreter, key_values, parse, translated

PATHS = {"/github/workspace": "/home/runner/work/shop/shop", "/github/runner_temp": "/home/runner/work/_temp"}


def after(*lines: str) -> Interpreter:
    interpreter = Interpreter(PATHS, "/home/runner/work/shop/shop")
    for line in lines:
        interpreter.line(line)
    return interpreter


def error(message: str) -> Annotation:
    return Annotation(level="error", message=message)


LINES = {
    "::error::It broke": Command(name="error", data="It broke"),
    " \t ::Error file=a.py,line=3,title=::x": Command(name="error", properties={"file": "a.py", "line": "3"}, data="x"),
    "::error title=a%2Cb%3Ac%250A::%0A%25%250D": Command(name="error", properties={"title": "a,b:c%0A"}, data="\n%%0D"),
    "::error title=a=b;c::": Command(name="error", properties={"title": "a=b;c"}),
    "::warning::a::b": Command(name="warning", data="a::b"),
    "DETAIL: ##[warning file=a%3Bb;line=1]x]%5D": Command(
        name="warning", properties={"file": "a;b", "line": "1"}, data="x]]"
    ),
    "::nothing::##[debug]x": Command(name="debug", data="x"),
    "x ::error::y": None,
    "::error:: at the end of a name::": Command(name="error", data=" at the end of a name::"),
    "::error": None,
    "::fatal::x": None,
    "##[fatal]x": None,
    "##[error": None,
    "": None,
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_a_command_or_not(line: str) -> None:
    assert parse(line) == LINES[line]


def test_nothing_is_carried_out_between_a_stop_and_its_token() -> None:
    ran = after("::error::1", "::stop-commands::Token", "::error::2", "##[set-env name=A]2", "::token::", "::error::3")
    assert ran.annotations == [error("1"), error("3")]
    assert [command.name for command in ran.commands] == ["error", "stop-commands", "error"]
    assert not ran.failed


@pytest.mark.parametrize("token", ["", "pause-logging", "Error", "stop-commands"])
def test_a_token_that_anybody_could_know_fails_the_step(token: str) -> None:
    assert after(f"::stop-commands::{token}").failed


def test_variables_are_not_set_by_commands() -> None:
    ran = after("::set-env name=PATH::/tmp", "##[add-path]/tmp")
    assert ran.annotations == [
        error("The `set-env` command is disabled."),
        error("The `add-path` command is disabled."),
    ]
    assert ran.failed


def test_ten_annotations_of_a_level_are_kept_and_4096_characters_of_each() -> None:
    ran = after(*["::error::e"] * 12, "::warning::" + "w" * 5000, *["::notice::n"] * 11)
    assert [(kept.level, len(kept.message)) for kept in ran.annotations] == [
        *[("error", 1)] * 10,
        ("warning", 4096),
        *[("notice", 1)] * 10,
    ]


PLACES = {
    "file=a.py,line=3,endLine=4,title=T": Annotation(
        level="error", message="m", file="a.py", line=3, end_line=4, title="T"
    ),
    "file=/github/workspace/app/a.py": Annotation(level="error", message="m", file="app/a.py"),
    "file=/github/runner_temp/a.py": Annotation(level="error", message="m", file="/home/runner/work/_temp/a.py"),
    "file=/etc/passwd": Annotation(level="error", message="m", file="/etc/passwd"),
    "line=3,col=1,endColumn=5": Annotation(level="error", message="m", line=3, column=1, end_column=5),
    "line=3,endLine=4,col=1": Annotation(level="error", message="m", line=3, end_line=4),
    "endLine=4": Annotation(level="error", message="m", line=4, end_line=4),
    "line=4,endLine=3": Annotation(level="error", message="m"),
    "line=1,col=5,endColumn=4": Annotation(level="error", message="m", line=1),
    "line=1,endColumn=4": Annotation(level="error", message="m", line=1, column=4, end_column=4),
    "col=5": Annotation(level="error", message="m"),
    "line=first": Annotation(level="error", message="m"),
}


@pytest.mark.parametrize("properties", PLACES)
def test_an_annotation_stands_where_github_would_show_it(properties: str) -> None:
    assert after(f"::error {properties}::m").annotations == [PLACES[properties]]


PAIRS: dict[str, dict[str, str]] = {
    "": {},
    "a=1\n\nb=x=y\n": {"a": "1", "b": "x=y"},
    "a=1<<2": {"a": "1<<2"},
    "a<<E=F\n1\n\n2\nE=F\nb=3\n": {"a": "1\n\n2", "b": "3"},
    "a<<E\nE\n": {"a": ""},
    "a<<E\n1\nE": {"a": "1"},
    "a=1\na=2\n": {"a": "2"},
}


@pytest.mark.parametrize("text", PAIRS)
def test_a_file_sets_what_it_names(text: str) -> None:
    assert key_values(text) == PAIRS[text]


@pytest.mark.parametrize(
    "text", ["no operator\n", "<<E\n1\nE\n", "a<<\n1\n\n", "a<<E\n1\n", "a<<E\n1", "a<<E\n1\n E\n"]
)
def test_a_file_that_the_runner_cannot_read_fails_the_step(text: str) -> None:
    with pytest.raises(BadFile):
        key_values(text)


def test_only_a_value_that_begins_with_a_mapped_folder_is_translated() -> None:
    mapping = {"/home/runner/work/shop/shop": "/github/workspace"}
    whole, below, other, several = (
        "/home/runner/work/shop/shop",
        "/home/runner/work/shop/shop/a",
        "/home/runner/work/shop/shopping",
        "x:/home/runner/work/shop/shop",
    )
    assert [translated(path, mapping) for path in (whole, below, other, several)] == [
        "/github/workspace",
        "/github/workspace/a",
        other,
        several,
    ]


MANIFEST = """
inputs:
  fail-on: {description: what fails the run, default: error}
  github-token: {description: a token, default: "${{ github.token }}"}
  matrix: {description: the matrix, default: "${{ toJSON(matrix) }}"}
  Config File: {description: a file}
"""


def test_inputs_arrive_in_capitals_with_their_hyphens_and_defaults(tmp_path: Path) -> None:
    (tmp_path / "action.yml").write_text(MANIFEST)
    workspace = tmp_path / "work" / "shop"
    job = Job(
        workspace=workspace,
        inputs={"Config File": f"{workspace}/alembic.ini"},
        env={"HOME": "/home/runner", "GITHUB_SHA": "of the workflow's own", "PYTHONPATH": f"{workspace}/src:x"},
        github={"sha": "1" * 40},
        token="ghs_x",
        matrix='{"python": "3.13"}',
    )
    environ = Runner(tmp_path, tmp_path, "image").environ(job, {"GITHUB_OUTPUT": tmp_path / "_temp" / "out"})
    assert {name: value for name, value in environ.items() if name.startswith("INPUT_")} == {
        "INPUT_FAIL-ON": "error",
        "INPUT_GITHUB-TOKEN": "ghs_x",
        "INPUT_MATRIX": '{"python": "3.13"}',
        "INPUT_CONFIG_FILE": "/github/workspace/alembic.ini",
    }
    names = ("HOME", "GITHUB_SHA", "PYTHONPATH", "GITHUB_OUTPUT", "RUNNER_TEMP", "RUNNER_WORKSPACE")
    assert {name: environ[name] for name in names} == {
        "HOME": "/github/home",
        "GITHUB_SHA": "1" * 40,
        "PYTHONPATH": "/github/workspace/src:x",
        "GITHUB_OUTPUT": "/github/runner_temp/out",
        "RUNNER_TEMP": "/github/runner_temp",
        "RUNNER_WORKSPACE": f"{tmp_path}/work",
    }


def test_a_manifest_without_inputs_declares_none() -> None:
    assert declared_inputs("name: x\n") == {}
