"""The runner's conventions: our commands are obeyed, nobody else's, and its files say what was meant."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from action.reports import escape
from action.reports.annotations import Annotation
from action.runner import Runner
from checks.findings import Severity
from tests.e2e.runner_commands import Command, key_values, obeyed, parse
from tests.unit.reports.hostile import always, hidden, texts

ACTIVE = {"GITHUB_ACTIONS": "true"}


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def runner(log: io.StringIO) -> Runner:
    return Runner(ACTIVE, log)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "::error file=a.py,line=3::what%0Awhy%25",
            Command(name="error", data="what\nwhy%", properties={"file": "a.py", "line": "3"}),
        ),
        ("  ::ERROR::x", Command(name="error", data="x")),
        ("a ##[error]x", Command(name="error", data="x")),
        ("##[error a=1;b=%5D]x%3B", Command(name="error", data="x;", properties={"a": "1", "b": "]"})),
        ("a ::error::x", None),
        ("::unheard::x", None),
        ("##[unheard]x", None),
        ("::error", None),
    ],
)
def test_the_grammar_that_these_tests_judge_by(line: str, expected: Command | None) -> None:
    assert parse(line) == expected


@given(st.text(), st.text().filter(lambda text: text.strip() == text and not text.startswith("=")))
def test_a_command_arrives_as_it_was_meant(message: str, title: str) -> None:
    log = io.StringIO()
    Runner(ACTIVE, log).command("error", message, title=title, file=None, line=3)
    expected = {"title": title, "line": "3"} if title else {"line": "3"}
    # What the runner reads are lines; these characters end none.
    assert [parse(log.getvalue().removesuffix("\n"))] == [Command(name="error", data=message, properties=expected)]
    assert log.getvalue().count("\n") == 1
    assert "\r" not in log.getvalue()


@given(texts)
@always
def test_no_line_of_anyone_else_is_obeyed_not_even_in_pieces(text: str) -> None:
    log = io.StringIO()
    stream = (runner := Runner(ACTIVE, log)).inert(log)
    for start in range(0, len(text), 3):
        stream.write(text[start : start + 3])
    runner.resume()
    assert obeyed(log.getvalue()) == []
    assert hidden(log.getvalue()) == []


def test_a_stream_is_closed_after_the_one_that_it_writes_to(runner: Runner) -> None:
    """As the garbage collector may do it; Python 3.13 reports an exception there."""
    target = io.TextIOWrapper(io.BytesIO())
    stream = runner.inert(target)
    target.close()
    stream.close()
    assert stream.closed


def test_lines_are_passed_on_whole_and_the_last_one_at_the_end(runner: Runner, log: io.StringIO) -> None:
    stream = runner.inert(log)
    for part in ("a ##", "[error]x\n", "b\nc\n:", ":error::", "d"):
        stream.write(part)
    assert log.getvalue() == "a ## [error]x\nb\nc\n"
    runner.resume()
    runner.resume()
    assert log.getvalue() == "a ## [error]x\nb\nc\n: :error::d\n"


@given(texts)
@always
def test_an_inert_log_stays_as_it_is(text: str) -> None:
    assert escape.log(escape.log(text)) == escape.log(text)


def test_what_comes_between_stop_and_resume_is_not_obeyed(runner: Runner, log: io.StringIO) -> None:
    runner.stop()
    token = log.getvalue().removeprefix("::stop-commands::").rstrip("\n")
    log.write("::error::theirs\n##[error]theirs\n::resume::\n")
    runner.command("notice", "ours, while theirs are stopped")
    log.write("::error::theirs\n")
    runner.resume()
    runner.command("error", "ours")
    assert obeyed(log.getvalue()) == [
        Command(name="notice", data="ours, while theirs are stopped"),
        Command(name="error", data="ours"),
    ]
    assert len(token) == 64
    assert log.getvalue().count(token) == 2


def test_a_token_is_never_used_again(runner: Runner, log: io.StringIO) -> None:
    for _ in range(3):
        runner.stop()
        runner.stop()
        runner.resume()
    lines = log.getvalue().splitlines()
    assert len(lines) == len(set(lines)) == 6


def test_annotations(runner: Runner, log: io.StringIO) -> None:
    placed = Annotation(
        severity=Severity.ERROR, title="Two heads (heads): x, y", message="a\nb: 50%", path="a b.py", line=3
    )
    placeless = Annotation(severity=Severity.NOTICE, title="t", message="m")
    runner.annotate([placed, placeless])
    properties = {"file": "a b.py", "line": "3", "title": "Two heads (heads): x, y"}
    assert obeyed(log.getvalue()) == [
        Command(name="error", data="a\nb: 50%", properties=properties),
        Command(name="notice", data="m", properties={"title": "t"}),
    ]


def test_secrets_are_masked_but_no_ordinary_words(runner: Runner, log: io.StringIO) -> None:
    runner.mask(["hunter2", "", "abc", "postgres", "Password", "-----BEGIN\nline of a key\n-----END", "hunter2"])
    masked = [command.data for command in obeyed(log.getvalue())]
    assert masked == ["hunter2", "-----BEGIN", "line of a key", "-----END"]


def test_outputs_and_summary_are_added_to_the_runners_files(tmp_path: Path, log: io.StringIO) -> None:
    files = {name: tmp_path / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    runner = Runner(ACTIVE | {name: str(file) for name, file in files.items()}, log)
    values = {"verdict": "failed", "empty": "", "lines": "a\nb<<c\n\nend_\n", "path": "é \udc80"}
    runner.output({"earlier": "1"})
    runner.output(values)
    runner.summary("# é")
    runner.summary("more\n")
    assert key_values(files["GITHUB_OUTPUT"].read_text(encoding="utf-8")) == {"earlier": "1", **values, "path": "é ?"}
    assert files["GITHUB_OUTPUT"].read_bytes().endswith(b"\n")
    assert files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8") == "# é\nmore\n"


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]), texts.filter(lambda text: "\r" not in text and "\ud800" not in text)
    )
)
def test_any_output_arrives_whole(values: dict[str, str]) -> None:
    read, write = os.pipe()
    with os.fdopen(read, encoding="utf-8", newline="\n") as end:
        Runner(ACTIVE | {"GITHUB_OUTPUT": f"/dev/fd/{write}"}, io.StringIO()).output(values)
        os.close(write)
        assert key_values(end.read()) == values


def test_a_file_that_cannot_be_written_is_a_warning(tmp_path: Path, log: io.StringIO) -> None:
    Runner(ACTIVE | {"GITHUB_OUTPUT": str(tmp_path / "gone" / "file")}, log).output({"a": "1"})
    message = "The runner's file GITHUB_OUTPUT could not be written: No such file or directory."
    assert obeyed(log.getvalue()) == [Command(name="warning", data=message)]


def test_outside_github_actions_nothing_is_said(tmp_path: Path, log: io.StringIO) -> None:
    runner = Runner({"GITHUB_OUTPUT": str(tmp_path / "out")}, log)
    runner.stop()
    runner.command("error", "x")
    runner.mask(["hunter2"])
    runner.output({"a": "1"})
    runner.resume()
    assert log.getvalue() == ""
    assert runner.inert(log) is log
    assert list(tmp_path.iterdir()) == []


def test_an_inert_stream_stands_in_for_the_one_behind_it(runner: Runner) -> None:
    with Path(os.devnull).open("w", encoding="utf-8") as behind:
        stream = runner.inert(behind)
        assert (stream.fileno(), stream.isatty(), stream.encoding) == (behind.fileno(), False, "utf-8")
        print("x", file=stream, flush=True)


@given(texts)
@always
def test_a_report_in_color_commands_nobody_either(text: str) -> None:
    log = io.StringIO()
    stream = (runner := Runner(ACTIVE, log)).inert(log)
    runner.show(f"\x1b[1;31m{text}\x1b[0m", stream)
    runner.resume()
    assert obeyed(log.getvalue()) == []
    assert hidden(re.sub(r"\x1b\[[0-9;]*m", "", log.getvalue())) == []


@pytest.mark.parametrize("stdout_is_taken", [False, True])
def test_one_stream_has_everything_in_its_order(*, stdout_is_taken: bool) -> None:
    out, err = io.StringIO(), io.StringIO()
    runner = Runner(ACTIVE, out)
    first, second = runner.inert(out), runner.inert(err)
    runner.unite(stdout_is_taken=stdout_is_taken)
    second.write("1\n")
    runner.command("group", "2")
    runner.show("\x1b[1m3\x1b[0m", second)
    if stdout_is_taken:
        first.write("a document\n")
    assert (out.getvalue(), err.getvalue())[stdout_is_taken] == "1\n::group::2\n\x1b[1m3\x1b[0m\n"
    assert (out.getvalue(), err.getvalue())[not stdout_is_taken] == ("a document\n" if stdout_is_taken else "")
