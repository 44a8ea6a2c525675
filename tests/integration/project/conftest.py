"""A folder for a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repositories import Repository


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "project")
