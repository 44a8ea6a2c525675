"""Names that a generated migration uses and does not import: the lines that import them, where these can be found."""

from __future__ import annotations

import ast
import builtins
import sys
from typing import Any, Dict, Iterable, List, Optional, Set

KNOWN = {
    "op": "from alembic import op",
    "sa": "import sqlalchemy as sa",
    "postgresql": "from sqlalchemy.dialects import postgresql",
}
"""What the operations of autogenerate are written with."""


def with_imports(content: str, offered: Iterable[str], metadatas: Iterable[Any]) -> str:
    """Return the file with the imports that it lacks.

    ``offered`` are the lines that autogenerate asked its template for, which may leave them out.
    """
    try:
        module = ast.parse(content)
    except SyntaxError:
        return content
    lines = dict.fromkeys(
        line
        for name, chains in _undefined(module).items()
        for line in _imports_of(name, chains, list(offered), list(metadatas))
    )
    if not lines:
        return content
    source = content.splitlines()
    imports = [node for node in module.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    docstring = module.body[:1] if ast.get_docstring(module) is not None else []
    above = (imports or docstring)[-1:]
    at = (above[0].end_lineno or 0) if above else 0
    source[at:at] = list(lines)
    return "\n".join(source) + "\n"


def _undefined(module: ast.Module) -> Dict[str, Set[str]]:
    """Return the names that functions use and nothing defines, each with the dotted names that begin with it."""
    defined = set(dir(builtins)) | {"__file__", "__name__"}
    used: Dict[str, Set[str]] = {}
    for node in ast.walk(module):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            defined |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            defined.add(node.name)
        elif isinstance(node, ast.arg):
            defined.add(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            defined.add(node.id)
        elif isinstance(node, ast.Name):
            used.setdefault(node.id, {node.id})
        elif isinstance(node, ast.Attribute):
            dotted = _dotted(node)
            if dotted is not None:
                used.setdefault(dotted.split(".")[0], set()).add(dotted)
    return {name: chains for name, chains in used.items() if name not in defined}


def _dotted(node: ast.AST) -> Optional[str]:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return None if before is None else "%s.%s" % (before, node.attr)
    return None


def _imports_of(name: str, chains: Set[str], offered: List[str], metadatas: List[Any]) -> List[str]:
    """Return the lines that define a name; none where it is not known what it stands for."""
    for line in [*offered, *([KNOWN[name]] if name in KNOWN else [])]:
        if name in _bound_by(line):
            return [line]
    whole = [one for one in sorted(chains) if not any(other.startswith(one + ".") for other in chains)]
    found = [module for module in map(_module_of, whole) if module is not None]
    if found:
        return ["import %s" % module for module in found]
    for metadata in metadatas:
        for table in metadata.tables.values():
            for column in table.columns:
                cls = type(column.type)
                if cls.__name__ == name and getattr(sys.modules.get(cls.__module__), name, None) is cls:
                    return ["from %s import %s" % (cls.__module__, name)]
    return []


def _bound_by(line: str) -> Set[str]:
    try:
        nodes = ast.parse(line).body
    except SyntaxError:
        return set()
    aliases = [alias for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names]
    return {(alias.asname or alias.name).split(".")[0] for alias in aliases}


def _module_of(chain: str) -> Optional[str]:
    """Return the longest module at the start of a dotted name that the project has imported and that has the rest."""
    parts = chain.split(".")
    for count in range(len(parts) - 1, 0, -1):
        value: Any = sys.modules.get(".".join(parts[:count]))
        if value is None:
            continue
        for part in parts[count:]:
            value = getattr(value, part, None)
        return ".".join(parts[:count]) if value is not None else None
    return None
