"""The commands ``rules`` and ``explain``: what they print, at 80 columns, and what they refuse."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from action.about import page_url
from action.commands.plain import run
from action.errors import SettingsError
from checks import CHECKS
from checks.rule import ANY_CHECK
from checks.rules import RULES
from tests.house import ROOT

Captured = pytest.CaptureFixture[str]


def test_rules_lists_every_rule_with_its_severity_and_sentence(capsys: Captured) -> None:
    run(["rules"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "heads: One head",
        "  multiple-heads (error; notice where the base already has it)",
        "      After the merge there is more than one head, and alembic upgrade head",
        "      refuses to run.",
    ]
    text = " ".join(" ".join(lines).split())
    assert [r.id for r in RULES if f"{r.id} ({r.severity_text}) {r.sentence}" not in text] == []
    assert max(map(len, lines)) <= 80


def test_rules_as_json_have_a_url_each(capsys: Captured) -> None:
    run(["rules", "--json"])
    entries = json.loads(capsys.readouterr().out)
    assert [entry["id"] for entry in entries] == [rule.id for rule in RULES]
    assert entries[-2] == {
        "id": "unused-suppression",
        "check": None,
        "severity": "notice",
        "otherwise": None,
        "parts": [],
        "sentence": "A comment suppresses a rule that has no finding there.",
        "url": page_url("unused-suppression"),
    }


def test_explain_prints_the_section_of_the_rule(capsys: Captured) -> None:
    run(["explain", "unused-suppression"])
    assert (
        capsys.readouterr().out
        == f"""\
unused-suppression · any check · notice

A comment suppresses a rule that has no finding there.

Notice. The check could judge everything, and the rule has no finding where the
comment counts: the problem is solved, or the comment stands at another
statement or in the file of another revision. If the comment stays, it hides the
next finding of this rule.

Example:

▌ The suppression of stale-parent suppresses nothing.

▌ The suppression of migration-fails suppresses nothing: the finding is at
▌ line 25.

Fix: delete the comment, or move it to the line that the notice names. At the
top of the file it counts for the whole revision.

Silence: delete the comment.

{page_url("unused-suppression")}
"""
    )


@pytest.mark.parametrize("name", [*(rule.id for rule in RULES), *(check.id for check in CHECKS), ANY_CHECK])
def test_every_explanation_fits_80_columns_and_has_no_markup(name: str, capsys: Captured) -> None:
    run(["explain", name])
    *lines, url = capsys.readouterr().out.splitlines()
    assert [
        line for line in lines if len(line) > 80 or "`" in line or "](" in line or "\x1b" in line or line == "…"
    ] == []
    assert url.startswith("https://")
    assert len(lines) > 8


@pytest.mark.parametrize("words", [["Multiple", "heads"], ["multiple_heads"], ["MULTIPLE-HEADS"]])
def test_a_rule_is_found_as_a_report_writes_its_title(words: list[str], capsys: Captured) -> None:
    run(["explain", *words])
    assert capsys.readouterr().out.startswith("multiple-heads · check heads · error")


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (
            ["explain", "multipel-heads"],
            "There is no rule multipel-heads. Did you mean multiple-heads or heads?\n"
            "Run `alembic-checks rules` to list all rules.",
        ),
        (["explain", "xyz"], "There is no rule xyz.\nRun `alembic-checks rules` to list all rules."),
        (
            ["explain"],
            "the following arguments are required: RULE.\nRun `alembic-checks explain --help` to see how it is used.",
        ),
        (
            ["rules", "--jsn"],
            "unrecognized arguments: --jsn.\nRun `alembic-checks rules --help` to see how it is used.",
        ),
    ],
)
def test_what_they_refuse(argv: list[str], text: str) -> None:
    with pytest.raises(SettingsError) as error:
        run(argv)
    assert str(error.value) == text


def test_a_wheel_has_the_pages(tmp_path: Path) -> None:
    """What is installed explains itself without this repository and without the network."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); import action; print(action.__file__); "
        "from action.commands.plain import run; run(['explain', 'stale-parent'])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    first, *rest = done.stdout.splitlines()
    assert first == str(tmp_path / "site" / "action" / "__init__.py")
    assert rest[0] == "stale-parent · check history · warning"
    assert rest[-1] == page_url("stale-parent")
