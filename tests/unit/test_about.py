"""The version, the repository, and links to pages of the version that runs."""

from __future__ import annotations

import re
import tomllib

import pytest

from action.about import REPOSITORY, git_ref, page_name, page_url, program_version
from tests.house import ROOT
from tests.unit.test_pages import PAGES

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize(
    ("version", "ref"),
    [("1.2.0", "v1.2.0"), ("0.1.0", "v0.1.0"), ("1.2.0.dev0", "HEAD"), ("1.2.0rc1", "HEAD"), ("1.2.0+local", "HEAD")],
)
def test_the_ref_of_a_release_is_its_tag(version: str, ref: str) -> None:
    assert git_ref(version) == ref


def test_a_rule_is_linked_to_its_section_at_the_version_that_runs() -> None:
    assert program_version() == PYPROJECT["version"]
    assert page_name("unused-suppression") == "docs/checks/suppression.md#unused-suppression"
    ref = git_ref(PYPROJECT["version"])
    assert page_url("stale-parent") == f"{REPOSITORY}/blob/{ref}/docs/checks/history.md#stale-parent"
    assert page_url("made-up") is None


def test_the_repository_has_one_name() -> None:
    """A fork that is released under another name changes it in one file; this test names what else has it."""
    owner_and_name = REPOSITORY.removeprefix("https://github.com/")
    assert PYPROJECT["urls"] == {"Repository": REPOSITORY}
    files = [ROOT / name for name in PAGES]
    used = {ref for path in files for ref in re.findall(r"uses: (alembic-checks/[\w-]+)", path.read_text("utf-8"))}
    assert used == {owner_and_name}
