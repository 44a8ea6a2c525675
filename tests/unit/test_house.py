"""The shape of the house (docs/design.md, "The house"): which way imports run, and a page for each check."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from checks import CHECKS
from checks.check import Check

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "checks"
OURS = {"action", "checks", "entrypoint", "tests"}
IMPURE = {
    "asyncio",
    "http",
    "io",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "signal",
}
IMPURE |= {"socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib"}


def sources(room: str) -> list[Path]:
    """Return the modules of a room; the sample projects are not ours to judge."""
    found = sorted((ROOT / room).rglob("*.py"))
    assert found, f"{room} is empty"
    return [source for source in found if ROOT / "tests" / "projects" not in source.parents]


def imports(files: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield (file, first name of the module) for each import by an absolute name, wherever it stands."""
    for source in files:
        where = source.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(source.read_bytes())):
            if isinstance(node, ast.Import):
                yield from ((where, alias.name.split(".")[0]) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield where, node.module.split(".")[0]


def outside(allowed: Collection[str], files: list[Path]) -> list[tuple[str, str]]:
    return [(where, name) for where, name in imports(files) if name not in allowed]


def among(banned: Collection[str], files: list[Path]) -> list[tuple[str, str]]:
    return [(where, name) for where, name in imports(files) if name in banned]


def test_checks_import_only_checks_and_what_is_pure_of_the_standard_library() -> None:
    assert outside((sys.stdlib_module_names - IMPURE) | {"checks"}, sources("checks")) == []


def test_checks_take_only_the_pure_paths_of_pathlib() -> None:
    lines = [(s.name, line) for s in sources("checks") for line in s.read_text(encoding="utf-8").splitlines()]
    taken = [(name, line) for name, line in lines if "pathlib" in line]
    assert [line for line in taken if not re.fullmatch(r"from pathlib import Pure(Posix)?Path", line[1])] == []


def test_the_entrypoint_imports_only_action_and_the_standard_library() -> None:
    assert outside(sys.stdlib_module_names | {"action"}, [ROOT / "entrypoint.py"]) == []


def test_action_imports_neither_the_entrypoint_nor_tests() -> None:
    assert among({"entrypoint", "tests"}, sources("action")) == []


def test_the_probe_imports_nothing_of_ours_by_an_absolute_name() -> None:
    assert among(OURS, sources("action/probe")) == []


@pytest.mark.parametrize("room", ["action", "checks", "tests"])
def test_every_module_opens_with_a_docstring(room: str) -> None:
    trees = {source: ast.parse(source.read_bytes()) for source in sources(room)}
    assert [source for source, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []


def test_every_check_that_is_defined_is_run() -> None:
    names = [".".join(source.relative_to(ROOT).with_suffix("").parts) for source in sources("checks")]
    modules = [importlib.import_module(name.removesuffix(".__init__")) for name in names]
    defined = {value.id for module in modules for value in vars(module).values() if isinstance(value, Check)}
    assert defined == {check.id for check in CHECKS}


def test_ids_of_checks_and_rules_are_unique_and_in_kebab_case() -> None:
    ids = [check.id for check in CHECKS] + [rule for check in CHECKS for rule in check.rules]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)] == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_rule_has_a_heading_on_its_checks_page(check: Check) -> None:
    page = (PAGES / f"{check.id}.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### `?([a-z-]+)`?$", page, re.MULTILINE)
    assert [rule for rule in check.rules if rule not in headings] == []


def test_every_page_belongs_to_a_check() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} - {"README"} == {check.id for check in CHECKS}
