"""Steps whose project runs with our own packages: they stand in for an installation, which needs a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.e2e.runner import Job

PYTHON = "/opt/alembic-checks/venv/bin/python"


def with_our_packages(*, inputs: Mapping[str, str] | None = None, **about: Any) -> Job:
    """Return what the workflow brings to a step; the action itself never chooses this interpreter."""
    given = dict(inputs or {})
    options = f"python={PYTHON}\n{given.pop('options', '')}"
    return Job(inputs={"options": options, **given}, **about)
