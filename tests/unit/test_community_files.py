"""The files that GitHub shows or reads beside the code follow GitHub's schemas, and lead to the right places."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from action.about import REPOSITORY
from tests.house import ROOT

FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]-*.yml"))
SCHEMAS = {
    "vendor.github-issue-forms": FORMS,
    "vendor.github-issue-config": [ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml"],
    "vendor.dependabot": [ROOT / ".github" / "dependabot.yml"],
}
WRITTEN = ("CODE_OF_CONDUCT.md", "SECURITY.md", "README.md", "pyproject.toml", ".github", "docs", "action", "hooks")


@pytest.mark.parametrize("schema", SCHEMAS)
def test_they_follow_the_schema_of_schemastore(schema: str) -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    command = [str(program), "--builtin-schema", schema, *map(str, SCHEMAS[schema])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_form_asks_for_what_shows_the_problem_and_warns_of_secrets() -> None:
    assert len(FORMS) == 4
    for form in FORMS[:3]:
        text = form.read_text(encoding="utf-8")
        asked = {part["id"] for part in YAML(typ="safe").load(text)["body"] if "id" in part}
        assert {"version", "report"} <= asked, form.name
        assert "**Everything here is public.**" in text
    recordings = [form.name for form in FORMS if "save-recording" in form.read_text(encoding="utf-8")]
    assert recordings == ["1-false-alarm.yml", "2-missed-problem.yml"]


def test_every_url_of_the_repository_is_that_of_the_one_constant() -> None:
    files = [
        path for name in WRITTEN for path in ([ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*"))
    ]
    texts = [path for path in files if path.suffix in (".md", ".yml", ".py", ".toml") and path.is_file()]
    found = {
        match
        for path in texts
        for match in re.findall(r"https://github\.com/[\w-]+/alembic-checks\b", path.read_text("utf-8"))
    }
    assert found == {REPOSITORY}
