"""The groups, extras and further requirements files of a project, installed only where a migration needs one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from action.interpreter.declared import (
    HAS_ALEMBIC,
    INCLUDES,
    DeclaringFile,
    Shape,
    requirement_files,
    table,
    text_of,
    toml_of,
)
from action.interpreter.module_names import distributions_of, normalized

_NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_NOT_PACKAGES = ("python",)


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyGroup:
    """Packages that a project declares beside its main dependencies."""

    kind: Literal["group", "extra", "file"]
    name: str
    packages: frozenset[str]
    """Normalized names."""

    @property
    def in_words(self) -> str:
        """Return it as in "with …"."""
        return f"{'the file' if self.kind == 'file' else f'the {self.kind}'} {self.name}"


def names_alembic(declared: DeclaringFile) -> bool:
    """Return whether the main dependencies name Alembic or a package that brings it, or may do so in another file."""
    about = declared.pyproject
    listed = [*_listed(table(about, "project").get("dependencies")), *_keys(about, "tool", "poetry", "dependencies")]
    listed += _keys(toml_of(declared.folder / "Pipfile", declared.root), "packages")
    if declared.shape is Shape.REQUIREMENTS:
        text = text_of(declared.file, declared.root)
        listed += ["alembic"] if INCLUDES.search(text) else _lines(text)
    return any(HAS_ALEMBIC.search(name) for name in listed)


def groups_of(declared: DeclaringFile) -> list[DependencyGroup]:
    """Return all groups of a project, those that production may use before those of development."""
    if declared.shape is Shape.REQUIREMENTS:
        return list(_files(declared))
    if declared.shape in (Shape.PIPENV, Shape.PIPFILE):
        develop = _keys(toml_of(declared.folder / "Pipfile", declared.root), "dev-packages")
        return [_group("group", "dev-packages", develop)]
    about = declared.pyproject
    extras = {**table(about, "project", "optional-dependencies"), **table(about, "tool", "poetry", "extras")}
    found = [_group("extra", name, _listed(packages)) for name, packages in extras.items()]
    found += [_group("group", name, _listed(items)) for name, items in table(about, "dependency-groups").items()]
    if declared.shape in (Shape.POETRY, Shape.PROJECT):
        groups = table(about, "tool", "poetry", "group")
        found += [_group("group", name, _keys(groups, name, "dependencies")) for name in groups]
        found += [_group("group", "dev", _keys(about, "tool", "poetry", "dev-dependencies"))]
    pdm = table(about, "tool", "pdm", "dev-dependencies") | {"dev": table(about, "tool", "uv").get("dev-dependencies")}
    found += [_group("group", name, _listed(items)) for name, items in pdm.items()]
    return [group for group in found if group.packages]


def group_with(module: str, groups: Iterable[DependencyGroup]) -> DependencyGroup | None:
    """Return the first group with a package that provides a module."""
    names = distributions_of(module)
    return next((group for group in groups if group.packages & names), None)


def _group(kind: Literal["group", "extra", "file"], name: str, packages: Iterable[str]) -> DependencyGroup:
    return DependencyGroup(kind=kind, name=str(name), packages=frozenset(map(normalized, packages)))


def _files(declared: DeclaringFile) -> Iterator[DependencyGroup]:
    for file in requirement_files(declared.folder):
        if file != declared.file:
            name = file.relative_to(declared.root).as_posix()
            yield _group("file", name, _lines(text_of(file, declared.root)))


def _lines(text: str) -> list[str]:
    return _listed(text.splitlines())


def _listed(items: Any) -> list[str]:
    found = [_NAME.match(item) for item in items if isinstance(item, str)] if isinstance(items, list) else []
    return [match[1] for match in found if match]


def _keys(content: dict[str, Any], *keys: str) -> list[str]:
    return [name for name in table(content, *keys) if name not in _NOT_PACKAGES]
