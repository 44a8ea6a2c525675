"""Reads which modules a Python file of the project may import, without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_DYNAMIC = re.compile(
    r"\b(importlib|__import__|pkgutil|iter_modules|walk_packages|import_module|import_string|runpy|exec|spec_from_file"
    r"|entry_points|load_module)\b"
)
"""Names of what imports a module whose name no import statement has."""
_SPELLED = re.compile(r"""["']([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?::\w+)?["']""")
"""A text that may be the name of a module, also with that of an object in it: ``shop.main:app``."""
_TEXT = re.compile(r"""["']([^"'\n]*)["']""")
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")


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
    statements = list(_statements(ast.parse(content)))
    text = content.decode("utf-8", "replace")
    dynamic = _DYNAMIC.search(text) is not None
    whole = [node for node in statements if isinstance(node, ast.Import)]
    parts = [node for node in statements if isinstance(node, ast.ImportFrom)]
    absolute = [node for node in parts if not node.level]
    return SourceImports(
        names=frozenset(
            [alias.name for node in whole for alias in node.names] + [node.module for node in absolute if node.module]
        ),
        members=frozenset(name for node in absolute for name in _members(node)),
        relative=frozenset((node.level, name) for node in parts if node.level for name in ("", *_members(node))),
        spelled=frozenset(name for name in _SPELLED.findall(text) if dynamic or "." in name),
        path_entries=frozenset(_path_entries(statements, text.splitlines())) if ".path" in text else frozenset(),
        is_dynamic=dynamic,
        text=text,
    )


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all statements of a file, without their expressions: those are many, and import nothing by name."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for name in _BODIES:
            waiting += getattr(node, name, ())


def _members(node: ast.ImportFrom) -> Iterator[str]:
    """Yield the module of a ``from`` statement with each name behind ``import``; of a star the module alone."""
    for alias in node.names:
        yield ".".join(part for part in (node.module, alias.name) if part and part != "*")


def _path_entries(statements: Sequence[ast.AST], lines: Sequence[str]) -> Iterator[str]:
    """Yield the texts of simple statements that mention ``path``: parts of the folders that they may add to it."""
    for node in statements:
        if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign):
            text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            if ".path" in text:
                yield from _TEXT.findall(text)
