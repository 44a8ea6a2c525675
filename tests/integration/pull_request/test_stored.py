"""A stored report that no run of ours would have written is refused, before GitHub is asked anything."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from action.documents import report as document
from action.errors import ExitCode, SettingsError
from action.pull_request.posting import post
from action.pull_request.publish import PublishOptions
from checks.findings import Verdict
from tests.integration.pull_request.conftest import Connect
from tests.integration.pull_request.test_posting import ended, many
from tests.standin_api.api import StandIn
from tests.unit.reports import handmade, scenarios

REMEDY = "Set post-report to the report.json that alembic-checks stored in the other workflow."


def changed(finding: dict[str, Any]) -> str:
    """Return the document of a report whose only finding is changed."""
    made = json.loads(document.dump(many(1)))
    made["trees"][0]["checks"][0]["findings"][0] |= finding
    return json.dumps(made)


GOOD = document.dump(scenarios.HEADS)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(GOOD.encode("utf-16"), "The stored report {path} is not UTF-8.", id="not UTF-8"),
        pytest.param(b" " * 10_000_001, "The stored report {path} is larger than 10 MB.", id="larger than it may be"),
        pytest.param(
            b"", "This file is not a report of alembic-checks: Expecting value: line 1 column 1 (char 0).", id="empty"
        ),
        pytest.param(
            b"[" * 200_000, "This file is not a report of alembic-checks: maximum recursion depth exceeded", id="nested"
        ),
        pytest.param(
            GOOD.replace('"schema_version": 1', '"schema_version": 2').encode(),
            "The schema_version is 2, but this version of alembic-checks reads 1.",
            id="of another version",
        ),
        pytest.param(
            GOOD.replace('"verdict"', '"markdown": "# Merge me", "verdict"').encode(),
            "This report of alembic-checks is damaged: markdown: Unexpected keyword argument.",
            id="a field that there is not",
        ),
        pytest.param(
            changed({"severity": "fine"}).encode(),
            "This report of alembic-checks is damaged: trees.0.checks.0.findings.0.severity: "
            "Input should be 'error', 'warning' or 'notice'.",
            id="a severity that there is not",
        ),
        pytest.param(
            changed({"line": 0}).encode(), "The stored report has a line number that no file has.", id="line 0"
        ),
        pytest.param(
            changed({"line": 10**4000}).encode(),
            "The stored report has a line number that no file has.",
            id="a huge line",
        ),
        pytest.param(
            changed({"why": "x" * 1_000_001}).encode(),
            "The stored report has a text of more than 1000000 characters.",
            id="a long text",
        ),
        pytest.param(
            document.dump(many(5_001)).encode(), "The stored report has more than 5000 findings.", id="many findings"
        ),
        pytest.param(
            document.dump(handmade.report(Verdict.PASSED, handmade.tree(*[handmade.passed("heads")] * 501))).encode(),
            "The stored report has more than 500 checks.",
            id="many checks",
        ),
        pytest.param(
            document.dump(handmade.report(Verdict.PASSED)).encode(),
            "The stored report lists no checks.",
            id="no project",
        ),
        pytest.param(
            document.dump(
                handmade.report(Verdict.PASSED, handmade.tree(handmade.passed("heads")), handmade.tree(path="b.ini"))
            ).encode(),
            "The stored report lists no checks.",
            id="a project without checks",
        ),
    ],
)
def test_what_we_would_not_have_written_is_refused(
    api: StandIn, connect: Connect, tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        post(path, ended(), connect(), PublishOptions(), None)
    assert caught.value.what.startswith(expected.format(path=path))
    assert caught.value.what.count("\n") == 0
    assert caught.value.remedy
    assert caught.value.exit_code is ExitCode.SETTINGS
    assert api.log == []


def link(path: Path) -> None:
    path.with_name("other.json").write_text(GOOD, encoding="utf-8")
    path.symlink_to("other.json")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        pytest.param(link, "cannot be read as a regular file (Too many levels of symbolic links)", id="link"),
        pytest.param(os.mkfifo, "is not a regular file", id="pipe"),
        pytest.param(Path.mkdir, "is not a regular file", id="folder"),
        pytest.param(lambda path: None, "cannot be read as a regular file (No such file or directory)", id="nothing"),
    ],
)
def test_only_a_plain_file_is_read(
    api: StandIn, connect: Connect, tmp_path: Path, make: Callable[[Path], object], why: str
) -> None:
    path = tmp_path / "report.json"
    make(path)
    with pytest.raises(SettingsError) as caught:
        post(path, ended(), connect(), PublishOptions(), None)
    assert str(caught.value) == f"The stored report {path} {why}.\n{REMEDY}"
    assert api.log == []
