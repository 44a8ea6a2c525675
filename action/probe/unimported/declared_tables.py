"""The tables that a file declares on a metadata, read from its classes and its calls of Table."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Optional, Union

from sqlalchemy import Table

from .resolution import DeclaredClass, Loaded, Resolver, Value
from .source_file import SourceFile, assignments, inside, last_name
from .texts import Texts

_REGISTRY_METHODS = ("mapped", "mapped_as_dataclass")
_ANY = object()
"""A schema that is not known."""


@dataclass(frozen=True)
class Declaration:
    """A table, where it is declared."""

    line: int
    schema: Any
    """None for that of the search path; ``_ANY`` where it is not known."""
    name: str

    def __str__(self) -> str:
        return "%s.%s" % (self.schema, self.name) if isinstance(self.schema, str) else self.name


class TableReader:
    """Reads which tables files declare on the metadata of env.py that it does not have."""

    def __init__(self, resolver: Resolver, metadatas: List[Any]) -> None:
        self._resolver, self._texts, self._metadatas = resolver, Texts(resolver), metadatas
        tables = [table for metadata in metadatas for table in metadata.tables.values()]
        self._known = {(_named(table.schema), str(table.name)) for table in tables}
        self._names = {str(table.name) for table in tables}

    def tables(self, source: SourceFile) -> List[Declaration]:
        """Return the tables of a file that the metadata does not have, in the order of their lines."""
        found: Dict[str, Declaration] = {}
        for declaration in self._all(source):
            if not self._is_known(declaration):
                found.setdefault(str(declaration), declaration)
        return sorted(found.values(), key=lambda declaration: declaration.line)

    def _is_known(self, declaration: Declaration) -> bool:
        if declaration.schema is _ANY:
            return declaration.name in self._names
        return (_named(declaration.schema), declaration.name) in self._known

    def _all(self, source: SourceFile) -> Iterator[Declaration]:
        for statement in source.statements:
            if isinstance(statement, ast.ClassDef):
                yield from self._of_class(DeclaredClass(source, statement))
        for node in inside(source.statements):
            if isinstance(node, ast.Call):
                yield from self._of_call(source, node)

    def _is_ours(self, metadata: Any) -> bool:
        return any(metadata is one for one in self._metadatas)

    def _of_call(self, source: SourceFile, call: ast.Call) -> Iterator[Declaration]:
        """Yield the table of ``Table("name", metadata, …)``, or of Flask-SQLAlchemy's ``db.Table("name", …)``."""
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        if last_name(call.func) != "Table" or {"autoload", "autoload_with", "bind_key"} & given.keys():
            return
        function = self._resolver.value(source, call.func)
        if not (
            isinstance(function, Loaded) and isinstance(function.value, type) and issubclass(function.value, Table)
        ):
            return
        second = call.args[1] if len(call.args) > 1 else given.get("metadata")
        metadata = self._resolver.metadata(self._resolver.value(source, second))
        if metadata is None and isinstance(call.func, ast.Attribute):
            metadata = self._resolver.metadata(self._resolver.value(source, call.func.value))
        name = self._texts.text(source, call.args[0] if call.args else given.get("name"))
        if name is not None and self._is_ours(metadata):
            schema = self._schema_text(source, given["schema"]) if "schema" in given else metadata.schema
            yield Declaration(call.lineno, schema, name)

    def _of_class(self, declared: DeclaredClass) -> Iterator[Declaration]:
        metadata = self._metadata_of(declared)
        if self._is_ours(metadata) and self._maps(declared):
            name = self._table_name(declared)
            if name is not None:
                schema = self._schema(declared)
                yield Declaration(declared.node.lineno, metadata.schema if schema is None else schema, name)

    def _metadata_of(self, declared: DeclaredClass) -> Any:
        """Return the metadata that a class puts its table on, by a decorator or by what it inherits from."""
        for decorator in declared.node.decorator_list:
            function = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(function, ast.Attribute) and function.attr in _REGISTRY_METHODS:
                return self._resolver.metadata(self._resolver.value(declared.source, function.value))
        return self._resolver.metadata(declared) if declared.node.bases else None

    def _maps(self, declared: DeclaredClass) -> bool:
        """Return whether a class has a table of its own: it is no base, and SQLModel is asked for one."""
        own = dict(assignments(declared.node.body))
        if _is_true(own.get("__abstract__")) or "__bind_key__" in own or self._is_base(declared):
            return False
        if any(_is_called(one, "SQLModelMetaclass") for one in self._loaded(declared)):
            return any(keyword.arg == "table" and _is_true(keyword.value) for keyword in declared.node.keywords)
        return True

    def _is_base(self, declared: DeclaredClass) -> bool:
        """Return whether classes inherit from a class to be mapped, and it is not."""
        loaded = [parent.value for parent in self._resolver.parents(declared) if isinstance(parent, Loaded)]
        decorators = (one.func for one in declared.node.decorator_list if isinstance(one, ast.Call))
        names = [getattr(one, "__name__", "") for one in loaded] + [last_name(one) for one in decorators]
        return not {"DeclarativeBase", "DeclarativeBaseNoMeta", "as_declarative"}.isdisjoint(names)

    def _loaded(self, declared: DeclaredClass) -> Iterator[type]:
        """Yield the classes of this process that a class inherits from."""
        for parent in self._resolver.parents(declared):
            if isinstance(parent, Loaded) and isinstance(parent.value, type):
                yield parent.value
            elif isinstance(parent, DeclaredClass):
                yield from self._loaded(parent)

    def _table_name(self, declared: DeclaredClass) -> Optional[str]:
        own = dict(assignments(declared.node.body))
        if "__table__" in own:
            return None  # that is a call of Table
        if "__tablename__" in own:
            return self._texts.text(declared.source, own["__tablename__"])
        if any(map(self._has_table, self._resolver.parents(declared))) and not _has_key(declared.node):
            return None  # single-table inheritance
        return self._derived(declared, declared.node.name)

    def _has_table(self, parent: Value) -> bool:
        if isinstance(parent, Loaded):
            return getattr(parent.value, "__table__", None) is not None
        if not isinstance(parent, DeclaredClass) or not self._maps(parent) or self._metadata_of(parent) is None:
            return False
        return "__table__" in dict(assignments(parent.node.body)) or self._table_name(parent) is not None

    def _derived(self, declared: DeclaredClass, name: str) -> Optional[str]:
        """Return the table name that a base derives from the name of a class."""
        function = next((node for node in declared.node.body if getattr(node, "name", "") == "__tablename__"), None)
        if isinstance(function, ast.FunctionDef):
            return self._texts.returned(declared.source, function, name)
        for parent in self._resolver.parents(declared):
            found = None
            if isinstance(parent, DeclaredClass):
                own = dict(assignments(parent.node.body)).get("__tablename__")
                found = self._texts.text(parent.source, own) if own else self._derived(parent, name)
            elif isinstance(parent, Loaded):
                found = _derived_by(parent.value, name)
            if found is not None:
                return found
        return None

    def _schema(self, declared: DeclaredClass) -> Any:
        """Return the schema of ``__table_args__``; None without one, ``_ANY`` where it is not known."""
        own = dict(assignments(declared.node.body))
        if "__table_args__" in own:
            return self._schema_of(declared.source, own["__table_args__"])
        if any(getattr(node, "name", "") == "__table_args__" for node in declared.node.body):
            return _ANY
        for parent in self._resolver.parents(declared):
            if isinstance(parent, Loaded) and getattr(parent.value, "__table_args__", None) is not None:
                return _ANY
            found = self._schema(parent) if isinstance(parent, DeclaredClass) else None
            if found is not None:
                return found
        return None

    def _schema_of(self, source: SourceFile, node: Optional[ast.expr]) -> Any:
        if isinstance(node, ast.Tuple):
            return self._schema_of(source, node.elts[-1]) if node.elts and isinstance(node.elts[-1], ast.Dict) else None
        if not isinstance(node, ast.Dict) or None in node.keys:
            return _ANY
        names = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        return self._schema_text(source, node.values[names.index("schema")]) if "schema" in names else None

    def _schema_text(self, source: SourceFile, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant) and node.value is None:
            return None
        found = self._texts.text(source, node)
        return _ANY if found is None else found


def _named(schema: Any) -> Any:
    return None if schema == "public" else schema


def _is_true(node: Union[ast.expr, None]) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _is_called(one: type, name: str) -> bool:
    return any(base.__name__ == name for base in type.mro(type(one)))


def _has_key(node: ast.ClassDef) -> bool:
    return any(
        isinstance(inner, ast.keyword) and inner.arg == "primary_key" and _is_true(inner.value)
        for inner in inside(node.body)
    )


def _derived_by(base: Any, name: str) -> Optional[str]:
    """Return the table name that a base of this process gives a class."""
    for one in getattr(base, "__mro__", ()):
        given = vars(one).get("__tablename__")
        function = getattr(given, "fget", None)
        function = getattr(function, "__func__", function)
        if callable(function):
            try:
                found = function(type(name, (), {}))
            except Exception:  # it asks the class for more than its name
                return None
            return found if isinstance(found, str) else None
        if isinstance(given, str):
            return given
        if one.__module__.startswith("flask_sqlalchemy"):
            snake: Any = getattr(sys.modules.get("flask_sqlalchemy.model"), "camel_to_snake_case", None)
            return str(snake(name)) if callable(snake) else None
    return None
