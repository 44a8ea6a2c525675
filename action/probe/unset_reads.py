"""Which variables a failing line depends on: its values are followed back, through assignments, to where they are read.

``os.getenv`` of a variable that is not set gives None, and the failure comes later and elsewhere, such as in the URL
that is put together from it.
"""

from __future__ import annotations

import ast
import inspect
import sys
import traceback
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Set, Tuple

from .alembic_config import read
from .deciding_variables import read_variable
from .settings_classes import variable_of
from .watching.frames import Places

_DEEPEST = 8
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


class _Scope(NamedTuple):
    """Where names of a piece of source are looked up."""

    tree: ast.Module
    names: Dict[str, Any]
    """The globals of its module."""
    function: Optional[ast.AST]
    local: Dict[str, Any]


def unset_reads(failure: BaseException, places: Places) -> List[str]:
    """Return the variables, without a default, that the project's last line of a failure depends on."""
    entries = [
        (frame, line)
        for frame, line in traceback.walk_tb(failure.__traceback__)
        if places.relative(frame.f_code.co_filename)
    ]
    for frame, line in reversed(entries[-3:]):
        found = list(dict.fromkeys(_Follower(places).of_line(frame, line or 1)))
        if found:
            return found
    return []


class _Follower:
    """Follows values back to the variables that they are read from."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._trees: Dict[str, Optional[ast.Module]] = {}
        self._seen: Set[int] = set()

    def of_line(self, frame: Any, line: int) -> Iterator[str]:
        """Yield the variables that a line of a frame depends on."""
        tree = self._tree(frame.f_code.co_filename)
        if tree is None:
            return
        around = [node for node in ast.walk(tree) if _first(node) <= line <= (getattr(node, "end_lineno", None) or 0)]
        statements = [node for node in around if isinstance(node, ast.stmt)]
        functions = [node for node in around if isinstance(node, _Function)]
        if statements:
            scope = _Scope(tree, frame.f_globals, functions[-1] if functions else None, frame.f_locals)
            yield from self._in(_head(statements[-1]), scope, 0)
            if isinstance(statements[-1], ast.Raise):
                yield from self._in([node.test for node in around if isinstance(node, ast.If)], scope, 0)

    def _tree(self, path: str) -> Optional[ast.Module]:
        if path not in self._trees:
            try:
                self._trees[path] = ast.parse(read(path)) if self._places.relative(path) else None
            except (SyntaxError, ValueError):
                self._trees[path] = None
        return self._trees[path]

    def _in(self, nodes: List[ast.AST], scope: _Scope, depth: int) -> Iterator[str]:
        for node in nodes:
            yield from self._of(node, scope, depth)

    def _of(self, node: ast.AST, scope: _Scope, depth: int) -> Iterator[str]:
        if depth > _DEEPEST or id(node) in self._seen:
            return
        self._seen.add(id(node))
        name, default = read_variable(node)
        if name:
            if default is None or (isinstance(default, ast.Constant) and default.value is None):
                yield name
            return
        if isinstance(node, ast.Name):
            yield from self._of_name(node.id, scope, depth + 1)
        elif isinstance(node, ast.Attribute):
            yield from self._of_attribute(node, scope, depth + 1)
        yield from self._in(list(ast.iter_child_nodes(node)), scope, depth)

    def _of_name(self, name: str, scope: _Scope, depth: int) -> Iterator[str]:
        for body in filter(None, (scope.function, scope.tree)):
            found = _bound(body, name)
            if found:
                yield from self._in(found, scope, depth)
                return
        origin = next((node for node in ast.walk(scope.tree) if _imports(node, name)), None)
        if isinstance(origin, ast.ImportFrom):
            alias = next(alias for alias in origin.names if (alias.asname or alias.name) == name)
            package = str(scope.names.get("__package__") or "")
            module = "." * origin.level + (origin.module or "")
            yield from self._of_module(_absolute(module, package), alias.name, depth)

    def _of_module(self, module: str, name: str, depth: int) -> Iterator[str]:
        loaded = sys.modules.get(module)
        tree = self._tree(str(getattr(loaded, "__file__", None) or "")) if loaded is not None else None
        if loaded is not None and tree is not None:
            yield from self._of_name(name, _Scope(tree, vars(loaded), None, {}), depth)

    def _of_attribute(self, node: ast.Attribute, scope: _Scope, depth: int) -> Iterator[str]:
        owner = _value(node.value, scope)
        if inspect.ismodule(owner):
            yield from self._of_module(owner.__name__, node.attr, depth)
            return
        kind = owner if isinstance(owner, type) else type(owner)
        setting = variable_of(kind, node.attr)
        if setting is not None:
            yield setting
            return
        for base in kind.__mro__:
            module = sys.modules.get(base.__module__)
            tree = self._tree(str(getattr(module, "__file__", None) or ""))
            if module is None or tree is None:
                continue
            inner = _Scope(tree, vars(module), None, {"self": owner, "cls": kind})
            for cls in ast.walk(tree):
                if isinstance(cls, ast.ClassDef) and cls.name == base.__name__:
                    yield from self._in(_bound(cls, node.attr), inner, depth)


def _first(node: ast.AST) -> int:
    return int(getattr(node, "lineno", sys.maxsize))


def _head(statement: ast.stmt) -> List[ast.AST]:
    """Return what a statement itself evaluates, without the statements in it."""
    return [node for node in ast.iter_child_nodes(statement) if not isinstance(node, (ast.stmt, ast.ExceptHandler))]


def _bound(body: ast.AST, name: str) -> List[ast.AST]:
    """Return the values that a name, or an attribute of ``self``, is given in a piece of source."""
    found: List[ast.AST] = []
    for node in _own(body):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            found += [value for target in targets for one, value in _pairs(target, node.value) if name in _parts(one)]
        elif isinstance(node, _Function) and node.name == name and node is not body:
            found += [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value]
            found += [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Assign)]
    return found


def _own(body: ast.AST) -> Iterator[ast.AST]:
    """Yield what belongs to a module or a function, without the inside of others; all of a class."""
    for node in ast.iter_child_nodes(body):
        yield node
        if isinstance(body, ast.ClassDef) or not isinstance(node, (*_Function, ast.ClassDef)):
            yield from ast.walk(node) if isinstance(body, ast.ClassDef) else _own(node)


def _pairs(target: Optional[ast.AST], value: ast.AST) -> List[Tuple[Optional[ast.AST], ast.AST]]:
    """Return what is assigned to what: ``a, b = 1, 2`` are two assignments."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return [(one, value.elts[index]) for index, one in enumerate(target.elts)]
    return [(target, value)]


def _parts(target: Optional[ast.AST]) -> List[str]:
    if isinstance(target, ast.Tuple):
        return [name for one in target.elts for name in _parts(one)]
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
        return [target.attr]
    return [target.id] if isinstance(target, ast.Name) else []


def _imports(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.ImportFrom) and any((alias.asname or alias.name) == name for alias in node.names)


def _absolute(module: str, package: str) -> str:
    if not module.startswith("."):
        return module
    level = len(module) - len(module.lstrip("."))
    above = package.split(".")[: len(package.split(".")) - level + 1]
    return ".".join([*above, *filter(None, [module.lstrip(".")])])


def _value(node: ast.AST, scope: _Scope) -> Any:
    """Return the object that a dotted name stands for; None where it cannot be looked up without running code."""
    if isinstance(node, ast.Name):
        return scope.local.get(node.id, scope.names.get(node.id))
    if isinstance(node, ast.Attribute):
        owner = _value(node.value, scope)
        return inspect.getattr_static(owner, node.attr, None) if owner is not None else None
    return None


def quoted(failure: BaseException, values: Dict[str, str], places: Places) -> Optional[str]:
    """Return the variable whose value the failure is about: it stands in the message, or in a library's frames."""
    known = sorted(((value, name) for name, value in values.items() if len(value) > 2), reverse=True)
    said = ["%s %s" % (failure, getattr(failure, "doc", ""))]
    frames = [frame for frame, _ in traceback.walk_tb(failure.__traceback__)]
    inner = [frame for frame in reversed(frames[-_DEEPEST:]) if not places.relative(frame.f_code.co_filename)]
    given = [[str(v) for v in list(f.f_locals.values()) if isinstance(v, (str, bytes))] for f in inner]
    for texts in [said, *given]:
        for value, name in known:
            if any(value in text for text in texts):
                return name
    return None
