"""A process that imported only some of a project's modules."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from action.probe.unimported.sorting import find_unimported
from tests.projects.builder import write
from tests.projects.unimported import APPLICATION

Find = Callable[..., list[tuple[str, int, str, list[str]]]]


@pytest.fixture
def find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Find]:
    """Write the application and more files, import what env.py does, and look for what it does not."""
    before = set(sys.modules)

    def find(
        files: dict[str, str], *, imports: tuple[str, ...] = ("app.models",), metadata: str = "app.db", root: str = ""
    ) -> list[tuple[str, int, str, list[str]]]:
        files = {name: dedent(text) for name, text in files.items()}
        write(tmp_path, APPLICATION, files)
        monkeypatch.syspath_prepend(str(tmp_path / root))
        for name in imports:
            importlib.import_module(name)
        base = vars(sys.modules[metadata])["Base"]
        names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.py"))
        found = find_unimported(names, str(tmp_path), str(tmp_path / "migrations/env.py"), [base.metadata])
        assert found["error"] is None
        return [(file["path"], file["line"], file["module"], file["tables"]) for file in found["files"]]

    yield find
    for name in set(sys.modules) - before:
        del sys.modules[name]
