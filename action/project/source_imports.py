"""Reads which modules a Python file of the project may import, without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

_DYNAMIC = re.compile(
    r"\b(importlib|__import__|pkgutil|iter_modules|walk_packages|import_module|import_string|runpy|exec|spec_from_file"
    r"|entry_points|load_module)\b"
)
"""Names of what imports a module whose name no import statement has."""
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+(:\w+)?")
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceImports:
    """What one file may import."""

    names: frozenset[str]
    """Absolute dotted names of modules."""
    members: frozenset[str] = frozenset()
    """Absolute dotted names of what ``from`` imports from a module; each may be a module itself."""
    relative: frozenset[tuple[int, str]] = frozenset()
    """Names of both kinds in relative imports, each with its level: 1 for the file's own folder."""
    spelled: frozenset[str] = frozenset()
    """Dotted names that stand as text in it, such as the value of a list of applications."""
    path_entries: frozenset[str] = frozenset()
    """Texts in statements about ``sys.path``."""
    is_dynamic: bool = False
    """Whether it may import modules whose names it computes."""
    text: str = ""
    """The file itself."""


def read_imports(content: bytes) -> SourceImports:
    """Return what a file may import. Raises SyntaxError or ValueError for one that cannot be read as Python."""
    tree = ast.parse(content)
    text = content.decode("utf-8", "replace")
    dynamic = _DYNAMIC.search(text) is not None
    whole = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    parts = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    absolute = [node for node in parts if not node.level]
    return SourceImports(
        names=frozenset(
            [alias.name for node in whole for alias in node.names] + [node.module for node in absolute if node.module]
        ),
        members=frozenset(name for node in absolute for name in _members(node)),
        relative=frozenset((node.level, name) for node in parts if node.level for name in ("", *_members(node))),
        spelled=frozenset(_spelled(tree, single=dynamic)),
        path_entries=frozenset(_path_entries(tree)) if "sys" in text and "path" in text else frozenset(),
        is_dynamic=dynamic,
        text=text,
    )


def _members(node: ast.ImportFrom) -> Iterator[str]:
    """Yield the module of a ``from`` statement with each name behind ``import``; of a star the module alone."""
    for alias in node.names:
        yield ".".join(part for part in (node.module, alias.name) if part and part != "*")


def _spelled(tree: ast.Module, *, single: bool) -> Iterator[str]:
    for text in _texts(tree):
        if _DOTTED.fullmatch(text) or (single and _NAME.fullmatch(text)):
            yield text.partition(":")[0]


def _path_entries(tree: ast.Module) -> Iterator[str]:
    """Yield the texts of statements that mention ``path``: parts of the folders that they may put on ``sys.path``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign) and any(
            isinstance(part, ast.Attribute) and part.attr == "path" for part in ast.walk(node)
        ):
            yield from _texts(node)


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= 300:
            yield node.value
