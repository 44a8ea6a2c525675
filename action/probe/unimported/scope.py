"""Which files are modules of the project: no tests, examples, scripts, revisions, or parts of another project."""

from __future__ import annotations

import ast
import os
import re
import sys
from typing import Dict, Iterable, Iterator, Set

from .loaded_modules import LoadedModules, can_be_found, folders_of, is_installed
from .source_file import SourceFile, last_name

TESTS = frozenset({"test", "tests"})
ASIDE = frozenset({
    "benchmark", "benchmarks", "deprecated", "doc", "docs", "docs_src", "e2e", "example", "examples", "fixtures",
    "node_modules", "scratch", "scripts", "seeds", "testing", "third_party", "vendor", "vendored",
})  # fmt: skip
"""Folders for what is no part of the application, unless something in them was imported."""
ASIDE_OF_PACKAGES = frozenset({
    "archive", "archived", "attic", "backup", "bin", "build", "demo", "demos", "dist", "experiments", "notebooks",
    "old", "playground", "sample", "samples", "sandbox", "seed", "snippets", "spikes", "templates", "tmp", "tools",
    "tutorial", "tutorials",
})  # fmt: skip
"""The same where they are in no package that was imported: in one, they may be words of its business."""
_TEST_FILE = re.compile(r"(test_.*|.*_tests?|tests?|conftest|setup|__main__|noxfile)\.py")
_PROJECT = (
    "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "requirements.txt", "alembic.ini", "pyvenv.cfg",
    os.path.join("migrations", "env.py"), os.path.join("alembic", "env.py"),
)  # fmt: skip
"""What the top folder of a project of its own has."""


class Scope:
    """The part of a repository that env.py belongs to."""

    def __init__(self, modules: LoadedModules) -> None:
        self._modules = modules
        self._of_env = _above([modules.env_py])
        self._in_use = _above(modules.files())
        self._is_other: Dict[str, bool] = {}

    def has(self, path: str) -> bool:
        """Return whether a file, by its path, is one of the project's own modules."""
        if not path.startswith(self._modules.root + os.sep) or _TEST_FILE.fullmatch(os.path.basename(path)):
            return False
        return not is_installed(path) and not any(map(self._is_aside, _folders(path, self._modules.root)))

    def _is_aside(self, folder: str) -> bool:
        name = os.path.basename(folder).lower()
        if name in TESTS or name.startswith((".", "test_")) or name.endswith("_tests"):
            return folder not in self._of_env
        if folder in self._in_use:
            return False
        if folder not in self._is_other:
            self._is_other[folder] = any(os.path.isfile(os.path.join(folder, file)) for file in _PROJECT)
        in_package = self._modules.is_package(os.path.dirname(folder))
        return name in ASIDE or (name in ASIDE_OF_PACKAGES and not in_package) or self._is_other[folder]

    def can_import(self, source: SourceFile) -> bool:
        """Return whether the imports of a file could work here: code for what is not installed is left alone."""
        return all(self._exists(source.path, name, level) for name, level in source.imports)

    def _exists(self, importer: str, name: str, level: int) -> bool:
        path, module = self._modules.located(importer, name, level)
        if path is not None or module is not None:
            return True
        if level or not name:
            return False
        top = name.partition(".")[0]
        is_own = any(not is_installed(folder) for folder in folders_of(sys.modules.get(top)))
        return not is_own and can_be_found(top)


def is_module(source: SourceFile) -> bool:
    """Return whether a file is there to be imported: no script, and no revision of Alembic's."""
    if {"revision", "down_revision"} <= source.bindings.keys():
        return False
    return not any(map(_runs, source.statements)) and not source.is_program


def _runs(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and last_name(call.func) in ("create_all", "drop_all")


def _above(paths: Iterable[str]) -> Set[str]:
    """Return all folders that the paths are in."""
    found: Set[str] = set()
    for path in paths:
        folder = os.path.dirname(path)
        while folder not in found:
            found.add(folder)
            folder = os.path.dirname(folder)
    return found


def _folders(path: str, root: str) -> Iterator[str]:
    """Yield the folders below the root that a path is in."""
    folder = os.path.dirname(path)
    while folder != root:
        yield folder
        folder = os.path.dirname(folder)
