"""Where the project's own files declare the tables and columns of the metadata."""

from __future__ import annotations

import ast
import os
import sys
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple

from .files.reading_files import read_regular
from .watching.frames import Places

Place = Tuple[str, int, str]  # path relative to the root, line, name of the class or table
Naming = Callable[[Any], Tuple[str, str]]
"""Gives the schema and name in the catalog of a table or type."""


def declarations(metadatas: Iterable[Any], files: Places, named: Naming) -> Dict[str, Place]:
    """Return ``schema.table`` and ``schema.table.column`` to (path, line, name), for what is found; never raises."""
    try:
        return _Finder(list(metadatas), files, named).found()
    except Exception:  # a line number is a courtesy; nothing may fail for want of it
        return {}


class _Finder:
    def __init__(self, metadatas: List[Any], files: Places, named: Naming) -> None:
        self.files, self._named = files, named
        self.tables = [table for metadata in metadatas for table in metadata.tables.values()]
        self.trees: Dict[str, Optional[ast.Module]] = {}
        self.places: Dict[str, Place] = {}

    def found(self) -> Dict[str, Place]:
        known = {id(table) for table in self.tables}
        files = self._files()
        for module, path in files.items():
            for value in list(vars(sys.modules[module]).values()):
                table = getattr(value, "__table__", None) if isinstance(value, type) else None
                if table is not None and id(table) in known and value.__module__ == module:
                    self._class(value, table, path)
        for path in files.values():
            self._calls(path)
        for table in self.tables:
            for column in table.columns:
                self._enum(getattr(column.type, "item_type", column.type))
        return self.places

    def _enum(self, type_: Any) -> None:
        """Note the Python class that a named enum takes its values from."""
        members: Any = getattr(type_, "enum_class", None)
        name = getattr(type_, "name", None)
        source = getattr(sys.modules.get(getattr(members, "__module__", "")), "__file__", None)
        if name is None or not isinstance(source, str) or not self._is_ours(os.path.realpath(source)):
            return
        node = self._class_node(members, os.path.realpath(source))
        if node is not None:
            self._note(".".join(self._named(type_)), os.path.realpath(source), node.lineno, members.__qualname__)

    def _files(self) -> Dict[str, str]:
        """Return the modules whose source is the project's own."""
        found = {}
        for name, module in list(sys.modules.items()):
            path = getattr(module, "__file__", None)
            if isinstance(path, str) and path.endswith(".py"):
                path = os.path.realpath(path)
                if self._is_ours(path):
                    found[name] = path
        return found

    def _is_ours(self, path: str) -> bool:
        return self.files.relative(path) is not None

    def _tree(self, path: str) -> Optional[ast.Module]:
        if path not in self.trees:
            try:
                self.trees[path] = ast.parse(read_regular(path))
            except (OSError, SyntaxError, ValueError):
                self.trees[path] = None
        return self.trees[path]

    def _note(self, key: str, path: str, line: int, name: str) -> None:
        self.places.setdefault(key, (self.files.relative(path) or path, line, name))

    def _key(self, table: Any) -> str:
        return ".".join(self._named(table))

    def _class(self, mapped: Any, table: Any, path: str) -> None:
        node = self._class_node(mapped, path)
        if node is None:
            return
        key = self._key(table)
        inherits = any(getattr(base, "__table__", None) is table for base in mapped.__mro__[1:])
        if not inherits:
            self._note(key, path, node.lineno, mapped.__qualname__)
        columns = {attribute: str(column.name) for attribute, column in mapped.__mapper__.columns.items()}
        for base in mapped.__mro__:
            source = getattr(sys.modules.get(base.__module__), "__file__", None)
            where = os.path.realpath(source) if isinstance(source, str) else ""
            if where and self._is_ours(where):
                for attribute, line in _assigned(self._class_node(base, where)):
                    if attribute in columns:
                        self._note("{0}.{1}".format(key, columns[attribute]), where, line, base.__qualname__)

    def _class_node(self, wanted: Any, path: str) -> Optional[ast.ClassDef]:
        tree = self._tree(path)
        node: Any = tree
        for name in wanted.__qualname__.split("."):
            if node is None or name == "<locals>":
                return None
            node = next((n for n in node.body if isinstance(n, ast.ClassDef) and n.name == name), None)
        return node if isinstance(node, ast.ClassDef) else None

    def _calls(self, path: str) -> None:
        """Note ``Table("name", …, Column("name", …))`` wherever it is called."""
        tree = self._tree(path)
        for node in ast.walk(tree) if tree is not None else ():
            name = _first_text(node, "Table")
            for table in self.tables if name is not None else ():
                if str(table.name) == name and isinstance(node, ast.Call) and _schema(node) in (None, table.schema):
                    self._note(self._key(table), path, node.lineno, str(name))
                    for inner in node.args:
                        column = _first_text(inner, "Column")
                        if column is not None and column in table.columns:
                            self._note("{0}.{1}".format(self._key(table), column), path, inner.lineno, str(name))


def _assigned(node: Optional[ast.ClassDef]) -> Iterator[Tuple[str, int]]:
    for statement in node.body if node is not None else ():
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id, statement.lineno
        elif isinstance(statement, ast.Assign):
            yield from ((t.id, statement.lineno) for t in statement.targets if isinstance(t, ast.Name))
        elif isinstance(statement, ast.FunctionDef):  # @declared_attr
            yield statement.name, statement.lineno


def _first_text(node: ast.AST, called: str) -> Optional[str]:
    """Return the first argument of a call to the name, when it is a literal text."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
    first = node.args[0]
    return first.value if name == called and isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _schema(call: ast.Call) -> Optional[str]:
    for keyword in call.keywords:
        if keyword.arg == "schema" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return None
