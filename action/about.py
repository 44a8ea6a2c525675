"""What this program is: its version, the place of its source, and the pages that explain its rules."""

from __future__ import annotations

import functools
import importlib.metadata
import re
import tomllib
from pathlib import Path

from checks.rules import rule_of_id

REPOSITORY = "https://github.com/alembic-checks/alembic-checks"
"""Where the source and its pages are. A fork that is released under another name changes it here and in pyproject.toml.

Not from ``GITHUB_ACTION_REPOSITORY``: within a composite action, some runners set it to the caller's repository.
"""
_NAME = "alembic-checks"
_ROOT = Path(__file__).parents[1]
_RELEASE = re.compile(r"\d+\.\d+\.\d+")


@functools.cache
def program_version() -> str:
    """Return the version of this program: that of the checkout it runs from, else that of the installed package."""
    try:
        project = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    except (OSError, ValueError, KeyError):
        project = {}
    # Packages exist that leave a pyproject.toml of their own beside the installed packages.
    return str(project["version"]) if project.get("name") == _NAME else importlib.metadata.version(_NAME)


def git_ref(version: str) -> str:
    """Return the name in Git of a version: the tag of a release, such as v1.2.0, else the default branch."""
    return f"v{version}" if _RELEASE.fullmatch(version) else "HEAD"


def page_name(rule: str) -> str | None:
    """Return the page that explains a rule, and its heading: ``docs/checks/heads.md#multiple-heads``; None for none."""
    known = rule_of_id(rule)
    return f"docs/checks/{known.check}.md#{known.id}" if known else None


def page_url(rule: str) -> str | None:
    """Return the URL of that page at the version that runs; None for a rule that this version does not have."""
    name = page_name(rule)
    return f"{REPOSITORY}/blob/{git_ref(program_version())}/{name}" if name else None
