"""Models that env.py imports but does not hand to Alembic: the second Base that hides the first."""

from __future__ import annotations

import ast
import sys
from typing import Any, Iterator, List, Tuple

from sqlalchemy import MetaData

from .alembic_config import read


def unseen(given: List[Any], env_py: str) -> List[Tuple[str, int]]:
    """Return (name, tables) of each metadata that env.py imports by name and whose tables Alembic never gets."""
    keys = {key for metadata in given for key in metadata.tables}
    found = {}
    for name, value in imported(env_py):
        metadata = value if isinstance(value, MetaData) else getattr(value, "metadata", None)
        if isinstance(metadata, MetaData) and not any(metadata is other for other in given):
            lost = [key for key in metadata.tables if key not in keys]
            if lost:
                found[id(metadata)] = (name, len(lost))
    return list(found.values())


def imported(env_py: str) -> Iterator[Tuple[str, Any]]:
    """Yield what env.py imports by name at its top level, with the objects behind the names."""
    try:
        module = ast.parse(read(env_py))
    except SyntaxError:
        return
    for node in module.body:
        if not isinstance(node, ast.ImportFrom) or not node.module or node.level:
            continue
        source = sys.modules.get(node.module)
        for alias in node.names:
            value = getattr(source, alias.name, None)
            if value is not None:
                yield "%s.%s" % (node.module, alias.name), value
