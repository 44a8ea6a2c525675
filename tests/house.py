"""The source as its modules, imports and definitions: what the tests of the house look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Module:
    """One file of ours."""

    name: str
    """As it is imported: ``checks.heads.check``, ``checks.heads`` for its ``__init__.py``."""
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_bytes())

    @property
    def where(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def package(self) -> str:
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]

    def imported(self) -> Iterator[tuple[str, str | None]]:
        """Yield module and name of each import, relative ones resolved, wherever in the file it stands."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, None) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = self.package.split(".")[: len(self.package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])]) if node.level else node.module or ""
                yield from ((base, alias.name) for alias in node.names)


def modules(*rooms: str) -> dict[str, Module]:
    """Return the modules of rooms by name; the sample projects are not ours to judge."""
    found = {}
    for room in rooms:
        paths = [ROOT / f"{room}.py"] if (ROOT / f"{room}.py").exists() else sorted((ROOT / room).rglob("*.py"))
        assert paths, f"{room} is empty"
        for path in paths:
            if ROOT / "tests" / "projects" not in path.parents:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                found[name] = Module(name, path)
    return found


def imports(known: Mapping[str, Module]) -> dict[str, set[str]]:
    """Return which of the modules each of them imports; ``from a import b`` counts as ``a.b`` where that is one."""
    graph: dict[str, set[str]] = {name: set() for name in known}
    for name, module in known.items():
        for base, imported in module.imported():
            target = f"{base}.{imported}" if f"{base}.{imported}" in known else base
            if target in known and target != name:
                graph[name].add(target)
    return graph


def cycle(graph: Mapping[str, set[str]]) -> list[str]:
    """Return one way that leads back to where it began; empty when there is none."""
    left = {name: set(targets) for name, targets in graph.items()}
    while free := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in free:
            del left[name]
    if not left:
        return []
    way = [min(left)]
    while way[-1] not in way[:-1]:
        way.append(min(left[way[-1]] & left.keys()))
    return way[way.index(way[-1]) :]


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Return the names of a function's parameters, without ``self`` and ``cls``."""
    given = [a.arg for a in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    return given[1:] if given[:1] in (["self"], ["cls"]) else given
