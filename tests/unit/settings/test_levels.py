"""The setting ``severity``: a level for each rule, in each form in which it may be written, and every mistake in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from action.errors import SettingsError
from action.settings import load
from checks.levels import levels
from checks.policy import Level

BREAKS, STALE = "missing-migration.breaks", "stale-parent"


@pytest.mark.parametrize(
    "given",
    [
        ["missing-migration.breaks=off", "stale-parent=notice"],
        ["missing-migration.breaks = OFF ,Stale-Parent =notice"],
        "missing-migration.breaks=off\nstale-parent=notice",
        {"missing-migration.breaks": "off", "stale-parent": "Notice"},
        {"missing-migration": {"breaks": "off"}, "stale-parent": "notice"},
        ["stale-parent=notice", "missing-migration.breaks=off", "stale-parent=notice"],
    ],
)
def test_all_forms_mean_the_same(given: Any) -> None:
    assert levels(given) == {BREAKS: Level.OFF, STALE: Level.NOTICE}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("stale-parent", "'stale-parent' has no ="),
        ("", "'' has no ="),
        ("stale_parent=off", "there is no rule 'stale_parent' (did you mean stale-parent?)"),
        ("drift=off", "'drift' is a check; its rules are missing-migration, schema-differs, frozen-default and 6 more"),
        ("stale-parent.breaks=off", "there is no rule 'stale-parent.breaks' (did you mean stale-parent?)"),
        ("missing-migration.break=off", "there is no rule 'missing-migration.break' (did you mean {breaks}?)"),
        ("stale-parent=warn", "'warn' is no severity (did you mean warning?)"),
        ("stale-parent=false", "'false' is no severity"),
        ({"stale-parent": False}, "'False' is no severity"),
        (["stale-parent=off", "stale-parent=error"], "stale-parent is set twice"),
    ],
)
def test_a_mistake_is_named(given: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=r"^.+$") as caught:
        levels(given)
    assert str(caught.value) == problem.format(breaks=BREAKS)


@pytest.mark.parametrize(
    "table",
    [
        'severity = ["missing-migration.breaks=off", "stale-parent=notice"]',
        '[tool.alembic-checks.severity]\nmissing-migration.breaks = "off"\nstale-parent = "notice"',
        '[tool.alembic-checks.severity]\n"missing-migration.breaks" = "off"\n"stale-parent" = "notice"',
    ],
)
def test_a_pull_request_sets_it_in_its_file_and_the_workflow_wins(tmp_path: Path, table: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text(f"[tool.alembic-checks]\n{table}\n")
    assert load([], tmp_path, {}).policy().severities == {BREAKS: Level.OFF, STALE: Level.NOTICE}
    assert load([], tmp_path, {"INPUT_SEVERITY": "stale-parent=error"}).severity == {STALE: Level.ERROR}


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("drift-breaks", "missing-migration.breaks=LEVEL"),
        ("drift-differs", "missing-migration.differs=LEVEL"),
        ("drift-cosmetic", "schema-differs=LEVEL"),
    ],
)
def test_a_setting_that_it_replaces_says_so_wherever_it_stands(tmp_path: Path, name: str, instead: str) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(SettingsError) as caught:
        load([f"--{name}", "warning", "."], tmp_path)
    assert caught.value.why == f"  --{name} (command line): replaced by severity; set severity to {instead}."
    file = tmp_path / "pyproject.toml"
    file.write_text(f'[tool.alembic-checks]\n{name.replace("-", "_")} = "notice"\n')
    with pytest.raises(SettingsError) as caught:
        load([f"--{name}=notice"], tmp_path, {f"INPUT_{name.upper()}": "notice", "INPUT_OPTIONS": f"{name}=notice"})
    places = (f"--{name} (command line)", f"{name} (input options)", f"{name} (input)")
    assert [line.strip() for line in caught.value.why.splitlines()] == [
        f"{place}: replaced by severity; set severity to {instead}."
        for place in (*places, f"{name} ([tool.alembic-checks] of {file})")
    ]
