"""Which environment variable decides that a project connects to SQLite, read in the files that it has imported."""

from __future__ import annotations

import ast
import os
import re
import sys
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

from .alembic_config import read
from .watching.frames import Places

URL = "{url}"
"""What stands for the scratch database in a value that the user gives."""
OPTION = "sqlalchemy.url"
_READERS = {"getenv", "env", "config", "str", "url", "db"}
"""Functions that read a variable: of os, python-decouple, starlette, environs and django-environ."""
_NAME = re.compile(r"[A-Za-z_]\w*$")
_OF_A_URL = re.compile(r"(^|_)(pg|postgres\w*|db|database|sqlalchemy|sql)_?(url|uri|dsn)", re.IGNORECASE)
_IS_A_URL = re.compile(r"(url|uri|dsn)$", re.IGNORECASE)
_MOST = 3
"""Variables that are named, of those that are equally likely."""


class Decision(NamedTuple):
    """A variable, how sure it is that it decides (0 is surest), and the value that would lead to PostgreSQL."""

    rank: int
    name: str
    value: Optional[str]
    """None for a word that names the kind of database."""


def deciding(env_py: str, places: Places, url: str) -> Dict[str, str]:
    """Return the likeliest variables with the values to give; ``url`` is the raw option of the configuration."""
    trees = [tree for tree in map(_parsed, _files(env_py, places)) if tree is not None]
    found = [decision for tree in trees for decision in _decisions(tree) if _is_open(decision.name)]
    best = min((decision.rank for decision in found), default=0)
    word = _word(trees)
    named = {decision.name: decision.value or word for decision in found if decision.rank == best}
    if not named and url.startswith("sqlite"):
        return {OPTION: url}
    return dict(list(named.items())[:_MOST])


def _is_open(name: str) -> bool:
    """Tell whether a variable is not set, or set to SQLite: another one has not decided."""
    return "sqlite" in os.environ.get(name, "sqlite").lower()


def _files(env_py: str, places: Places) -> List[str]:
    """Return env.py and the imported modules of the project."""
    modules = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    ours = [path for path in modules if isinstance(path, str) and path.endswith(".py") and places.relative(path)]
    return list(dict.fromkeys([env_py, *ours]))


def _parsed(path: str) -> Optional[ast.Module]:
    text = read(path)
    try:
        return ast.parse(text) if "sqlite" in text.lower() or "Settings" in text else None
    except (SyntaxError, ValueError):
        return None


def _decisions(tree: ast.Module) -> Iterator[Decision]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name, default = read_variable(node)
            if name:
                yield from _by_default(name, default)
        elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            for other in node.values[1:]:
                yield from _by_default(read_variable(node.values[0])[0], other)
        elif isinstance(node, (ast.If, ast.IfExp)):
            yield from _by_condition(node)
        elif isinstance(node, ast.ClassDef) and any(_last_name(base).endswith("Settings") for base in node.bases):
            yield from _by_settings(node)


def _by_default(name: str, default: Optional[ast.AST]) -> Iterator[Decision]:
    text = _text(default).lower()
    if name and text.startswith("sqlite"):
        yield Decision(0, name, URL) if ":" in text else Decision(1, name, None)


def _by_condition(node: "ast.If | ast.IfExp") -> Iterator[Decision]:
    """Yield the variables that a condition reads, where SQLite is one side of it."""
    sides = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [*node.body, *node.orelse]
    if not any(_text(inner).lower().startswith("sqlite:") for side in sides for inner in ast.walk(side)):
        return
    for inner in ast.walk(node.test):
        name = read_variable(inner)[0]
        if isinstance(inner, ast.Compare) and isinstance(inner.ops[0], ast.In) and _NAME.match(_text(inner.left)):
            name = _text(inner.left)  # "NAME" in os.environ
        if name:
            compared = any(isinstance(part, ast.Compare) and _is_word(part) for part in ast.walk(node.test))
            yield Decision(1, name, None if compared else URL if _IS_A_URL.search(name) else "1")


def _by_settings(node: ast.ClassDef) -> Iterator[Decision]:
    """Yield the fields of a settings class of pydantic that name SQLite, or no database at all."""
    prefix = next(filter(None, map(_prefix, ast.walk(node))), "")
    for field in node.body:
        target = field.target if isinstance(field, ast.AnnAssign) else None
        if not isinstance(target, ast.Name) or not isinstance(field, ast.AnnAssign) or field.value is None:
            continue
        default, alias = _field(field.value)
        name = alias or (prefix + target.id).upper()
        yield from _by_default(name, default)
        unset = isinstance(default, ast.Name) or (isinstance(default, ast.Constant) and default.value is None)
        if unset and _OF_A_URL.search(name):
            yield Decision(2, name, URL)


def _prefix(node: ast.AST) -> str:
    if isinstance(node, ast.keyword) and node.arg == "env_prefix":
        return _text(node.value)
    if isinstance(node, ast.Assign) and _last_name(node.targets[0]) == "env_prefix":
        return _text(node.value)
    return ""


def _field(value: ast.AST) -> Tuple[Optional[ast.AST], str]:
    """Return the default of a field, and the variable that it names itself."""
    if not isinstance(value, ast.Call) or _last_name(value.func) != "Field":
        return value, ""
    given = {keyword.arg: keyword.value for keyword in value.keywords}
    alias = next((_text(given[name]) for name in ("validation_alias", "env", "alias") if name in given), "")
    return (value.args[0] if value.args else given.get("default")), alias


def read_variable(node: ast.AST) -> Tuple[str, Optional[ast.AST]]:
    """Return the variable that an expression reads, and its default; an empty name for another expression."""
    if isinstance(node, ast.Subscript) and _last_name(node.value) == "environ":
        return _text(node.slice), None
    if not isinstance(node, ast.Call) or not node.args or not _NAME.match(_text(node.args[0])):
        return "", None
    of_environ = isinstance(node.func, ast.Attribute) and _last_name(node.func.value) == "environ"
    if not (of_environ or _last_name(node.func) in _READERS):
        return "", None
    default = node.args[1] if len(node.args) > 1 else None
    return _text(node.args[0]), next((k.value for k in node.keywords if k.arg == "default"), default)


def _word(trees: List[ast.Module]) -> str:
    """Return the word that the project's own code takes PostgreSQL by; one that it compares with before any other."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    compared = [node for node in nodes if isinstance(node, ast.Compare)]
    within = [part for node in compared for part in node.comparators if _is_postgres(part)]
    return next((_text(node) for node in [*within, *nodes] if _is_postgres(node)), "postgresql")


def _is_word(node: ast.Compare) -> bool:
    return any(_is_postgres(part) or _text(part).lower() in ("sqlite", "sqlite3") for part in node.comparators)


def _is_postgres(node: ast.AST) -> bool:
    return re.fullmatch(r"postgres\w*", _text(node), re.IGNORECASE) is not None


def _text(node: Optional[ast.AST]) -> str:
    """Return a literal text, or the start of one that is put together."""
    if isinstance(node, ast.JoinedStr) and node.values:
        return _text(node.values[0])
    if isinstance(node, ast.BinOp):
        return _text(node.left)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
