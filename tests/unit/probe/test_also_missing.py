"""Modules that are missing beside the one that env.py has failed for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from action.probe.also_missing import also_missing
from action.repository.packages import packages_below
from tests.projects.builder import write

FILES = {
    "bot/__init__.py": "",
    "bot/config.py": "import os\nimport yet_another_none\ndef made(driver='pg8000'): ...\n",
    "bot/models/__init__.py": "from .base import Base\n",
    "bot/models/base.py": "from sqlalchemy_of_none.orm import declarative\nfrom ..config import url\n",
    "migrations/env.py": """
import json
from alembic_of_none import context
from bot.models import Base
from shop import things
import pytest
try:
    import optional_none
except ImportError:
    import other_none
if context:
    import conditional_none
def run():
    import lazy_none
""",
    "services/shop/things.py": "import none_of_another_service\n",
}


@pytest.mark.parametrize("known", ["alembic_of_none", "alembic_of_none.op"])
def test_what_is_surely_imported_next_and_is_nowhere_is_found_at_once(
    known: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "pg8000", raising=False)
    root = write(tmp_path, FILES)
    request: Any = type("Request", (), {})()
    request.packages, request.root, request.workdir = packages_below(root), str(root), str(root)
    request.env_py = str(root / "migrations/env.py")
    assert also_missing(request, known) == [
        "none_of_another_service",
        "sqlalchemy_of_none",
        "yet_another_none",
        "pg8000",
    ]
