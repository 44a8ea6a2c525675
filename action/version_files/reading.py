"""Reads the revision graph from version files by their syntax alone; no code of the project runs."""

from __future__ import annotations

import ast
import contextlib
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from action.probe.protocol.caps import capped
from action.project.alembic_tree import Tree
from action.project.folders import relative
from action.repository.inside import read_inside
from action.version_files.downgrades import downgrade_of, irreversible
from action.version_files.listing import VersionFiles, files_of
from action.version_files.literals import Names, Statement, Unknown, Value, assignments, evaluate
from action.version_files.suppressions import suppressions
from checks.recording.revisions import Graph, Revision, Unreadable

# These two are alembic.script.base's and alembic.script.revision's (Alembic 1.20).
_ID_IN_NAME = re.compile(r"([a-f0-9]+)\.py$")
_ILLEGAL = "@-+:"

# What a file names that makes the version table's column wider: its name, or the hook of Alembic that creates it.
_VERSION_COLUMN = re.compile(rb"\bversion_num\b|\bversion_table_impl\b")

_LINE_END = re.compile(r"\r\n|\r|\n")
_CREATED = re.compile(r"^Create Date:[ \t]*(\S.*)$", re.MULTILINE)
_LONGEST = 1000
"""Characters of a message, and of why a file cannot be read."""


class _UnreadableError(Exception):
    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = capped(reason, _LONGEST)
        self.line = line


def read_tree_graph(tree: Tree, root: Path, files: VersionFiles | None = None) -> Graph:
    """Return the graph of a tree, as checked out unless its ``files`` are given.

    Paths are relative to the repository's root.
    """
    found = files_of(tree, root) if files is None else files
    graph = read_graph(found.contents)
    sources = (*_env_py(tree, root), *found.contents)
    named = next((path for path, content in sources if _VERSION_COLUMN.search(content)), None)
    return replace(graph, unreadable=(*graph.unreadable, *found.unread), version_column_named=named)


def _env_py(tree: Tree, root: Path) -> Iterator[tuple[str, bytes]]:
    with contextlib.suppress(OSError):  # the project's own interpreter says what is wrong with it
        yield relative(tree.env_py, root), read_inside(tree.env_py, root)


def working_files(tree: Tree, root: Path) -> list[tuple[str, bytes]]:
    """Return path, relative to the repository's root, and content of each version file that can be read."""
    return list(files_of(tree, root).contents)


def read_graph(files: Iterable[tuple[str, str | bytes]]) -> Graph:
    """Return the revisions of version files, given as path and source.

    A file that Alembic would refuse, or whose ids are not literals, is listed as unreadable.
    """
    revisions, unreadable = [], []
    for path, source in files:
        read = _read(path, source.encode() if isinstance(source, str) else source)
        if isinstance(read, Revision):
            revisions.append(read)
        else:
            unreadable.append(read)
    return Graph(revisions=tuple(revisions), unreadable=tuple(unreadable))


# The same file is read for the working tree, the base and the merge base.
@lru_cache(maxsize=32_768)
def _read(path: str, source: bytes) -> Revision | Unreadable:
    try:
        return _revision(path, source)
    except _UnreadableError as error:
        return Unreadable(path=path, line=error.line, reason=error.reason)
    except (ValueError, RecursionError) as error:  # also for a number with too many digits to print
        return Unreadable(path=path, line=None, reason=f"its constants cannot be read: {error}")


def _revision(path: str, source: bytes) -> Revision:
    module = _parsed(source)
    names = assignments(module.body)
    id_ = _id(path, names, module)
    doc = (ast.get_docstring(module) or "").strip()
    created = _CREATED.search(doc)
    down_statement = _statement(names, "down_revision", module)
    return Revision(
        id=id_,
        path=path,
        line=names["revision"][1].lineno if "revision" in names else 1,
        down_revision_line=down_statement.lineno,
        down_revisions=_parents(names),
        depends_on=_dependencies(names),
        branch_labels=tuple(capped(_shown(text)) for text in _texts(names, "branch_labels")),
        message=capped(doc.partition("\n")[0].strip(), _LONGEST),
        created=capped(created.group(1).strip(), _LONGEST) if created else None,
        depends_on_line=names["depends_on"][1].lineno if "depends_on" in names else None,
        down_revision_text=_lines(source, down_statement),
        suppressions=suppressions(source, module),
        downgrade=downgrade_of(module),
        irreversible=capped(irreversible(module, source), _LONGEST),
    )


def _parsed(source: bytes) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        raise _UnreadableError(f"{type(error).__name__}: {error.msg}", error.lineno) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise _UnreadableError(f"Python cannot parse it: {error}") from error


def _id(path: str, names: Names, module: ast.Module) -> str:
    named = _ID_IN_NAME.match(PurePosixPath(path).name)
    if named and "revision" not in names and not _is_made_otherwise("revision", module):
        return named.group(1)
    line = _statement(names, "revision", module).lineno
    value = evaluate(names["revision"][0], names)
    if isinstance(value, Unknown):
        raise _UnreadableError(f"revision is not a literal but {value.source}", line)
    if not isinstance(value, str) or not value:
        raise _UnreadableError(f"revision is {value!r}, not a string", line)
    illegal = "".join(sorted(set(value) & set(_ILLEGAL)))
    if illegal:
        raise _UnreadableError(f"the revision id {value!r} contains {illegal!r}, which Alembic refuses", line)
    return capped(value)


def _statement(names: Names, name: str, module: ast.Module) -> Statement:
    """Return the statement that assigns a name; raises _UnreadableError where there is none."""
    if name in names:
        return names[name][1]
    if _is_made_otherwise(name, module):
        raise _UnreadableError(f"{name} is not assigned as a literal")
    raise _UnreadableError(f"it does not assign {name}, so Alembic cannot load any revision")


def _is_made_otherwise(name: str, module: ast.Module) -> bool:
    """Return whether a module may get a name from an import, a loop or another statement that is not read."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and any((a.asname or a.name) in (name, "*") for a in node.names):
            return True
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            return True
    return False


def _parents(names: Names) -> tuple[str, ...]:
    parents = _texts(names, "down_revision")
    line = names["down_revision"][1].lineno
    for parent in parents:
        if isinstance(parent, Unknown):
            raise _UnreadableError(f"down_revision is not a literal but {parent.source}", line)
    return tuple(dict.fromkeys(capped(parent) for parent in parents if isinstance(parent, str)))


def _texts(names: Names, name: str) -> tuple[str | Unknown, ...]:
    """Return a name's strings as ``alembic.util.to_tuple`` would; nothing for None or when it is not assigned."""
    value: Value = evaluate(names[name][0], names) if name in names else None
    if value is None:
        return ()
    values = value if isinstance(value, tuple) else (value,)
    return tuple(part if isinstance(part, (str, Unknown)) else str(part) for part in values if part is not None)


def _dependencies(names: Names) -> tuple[str, ...]:
    found = tuple(capped(_shown(text)) for text in _texts(names, "depends_on"))
    return () if found == ("",) else found  # for Alembic a single empty text is no dependency


def _shown(text: str | Unknown) -> str:
    # Which label or dependency it is cannot be read, but that the revision has one can.
    return text if isinstance(text, str) else "{" + text.source + "}"


def _lines(source: bytes, statement: Statement) -> str:
    lines = _LINE_END.split(source.decode(errors="replace"))
    return "\n".join(lines[statement.lineno - 1 : statement.end_lineno])
