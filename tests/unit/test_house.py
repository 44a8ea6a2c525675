"""The shape of the house (docs/design.md, "The house"): which way imports run, names, sizes, a page for each check."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections import defaultdict
from collections.abc import Collection

import pytest

from checks import CHECKS
from checks.check import Check
from tests.house import ROOT, Module, cycle, functions, imports, modules, parameters

PAGES = ROOT / "docs" / "checks"
OURS = {"action", "checks", "entrypoint", "release", "tests"}
IMPURE = {
    *("asyncio", "http", "io", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil", "signal", "socket"),
    *("sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib"),
}
# From the top down: a room imports from the rows below its own, and none from its own row but itself.
ROWS = (
    ("entrypoint",),
    ("action.start",),
    ("action.main", "action.manifest"),
    ("action.commands", "action.staged"),
    ("action.rehearsal", "action.runner"),
    ("action.pull_request", "action.version_files", "action.session"),
    ("action.reports", "action.base", "action.postgres", "action.interpreter"),
    ("action.postgres.servers",),
    ("action.documents", "action.settings", "action.project"),
    ("action.repository",),
    ("action.sandbox", "action.about", "action.errors", "action.allowance", "action.probe", "action.streams"),
    ("action.supervisor",),
    ("action.probe.watching", "action.probe.unimported"),
    ("action.probe.protocol", "action.probe.files", "action.probe.orphans"),
    ("checks",),
    ("checks.one_report",),
    ("checks.judge", "checks.merged_report"),
    ("checks.several_servers",),
    ("checks.suppression", "checks.severities", "checks.base_files", "checks.knock_ons"),
    tuple(f"checks.{name}" for name in ("heads", "history", "upgrade", "downgrade", "loss", "replay", "drift")),
    ("checks.judged", "checks.called_from"),
    (
        "checks.graph",
        "checks.comparison",
        "checks.not_run",
        "checks.skipped",
        "checks.made_base",
        "checks.capped",
        "checks.new_sql",
    ),
    ("checks.check",),
    ("checks.levels", "checks.suppression_notices"),
    ("checks.policy", "checks.rules"),
    ("checks.rules_of_revisions",),
    ("checks.rule",),
    ("checks.lacking",),
    ("checks.findings", "checks.plural", "checks.sql", "checks.common_causes", "checks.failure_texts"),
    ("checks.recording",),
)
# Names that mean the same thing wherever they stand.
FILES_OF_ONE_KIND = {
    "__init__.py",
    "check.py",  # a check's own file
    "interface.py",  # the Protocol that the modules of a folder satisfy
}
UNGUARDED = ("is_file", "is_dir", "exists", "resolve", "read_text", "read_bytes")
OUR_OWN_FILES = {
    "action/about.py: is_dir",
    "action/about.py: read_text",
    "action/commands/progress.py: read_text",
    "action/commands/room.py: read_text",
    "action/documents/recording.py: exists",
    "action/postgres/servers/binaries.py: exists",
    "action/postgres/servers/binaries.py: is_dir",
    "action/postgres/servers/docker_place.py: read_text",
    "action/postgres/servers/leftovers.py: exists",
    "action/postgres/servers/leftovers.py: is_dir",
    "action/postgres/servers/leftovers.py: read_text",
    "action/postgres/servers/trusted_extensions.py: read_text",
    "action/rehearsal/base_code.py: exists",
    "action/repository/export.py: resolve",
    "action/sandbox/credential_files.py: is_dir",
    "action/sandbox/credential_files.py: is_file",
    "action/sandbox/processes.py: read_text",
    "action/sandbox/temporary.py: exists",
    "action/session/out_of_memory.py: read_text",
    "action/session/process.py: read_text",
    "action/session/process.py: resolve",
    "action/supervisor/run_folder.py: exists",
    "action/supervisor/run_folder.py: is_dir",
    "action/supervisor/run_folder.py: read_text",
    "action/supervisor/run_folder.py: resolve",
}
"""Files that a run of ours has made, the program's own, those of the kernel, and what a listing says of its entries."""
LONGEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS = 300, 40, 6
LONGEST_TEST = 80
FORCED = {"increment"}
"""Overrides whose signature a library of others has made."""


def room(name: str) -> tuple[int, str]:
    """Return the row and the room of a module: the longest that its name begins with."""
    rooms = [(number, one) for number, row in enumerate(ROWS) for one in row]
    return max((r for r in rooms if name == r[1] or name.startswith(f"{r[1]}.")), key=lambda found: len(found[1]))


def foreign(name: str, allowed: Collection[str]) -> list[tuple[str, str]]:
    """Return which other modules than the allowed ones the modules of a room import."""
    return [
        (module.where, base)
        for module in modules(name).values()
        for base, _ in module.imported()
        if base.split(".")[0] not in allowed
    ]


def test_every_module_has_its_room() -> None:
    known = modules("entrypoint", "action", "checks")
    homeless = [name for name in known if name not in ("action", "checks") and room(name)[1] == "checks"]
    assert homeless == []
    assert {one for row in ROWS for one in row} <= set(known)


def test_no_import_runs_upwards_or_sideways_between_rooms() -> None:
    graph = imports(modules("entrypoint", "action", "checks"))
    wrong = [
        f"{name} imports {target}"
        for name, targets in graph.items()
        for target in sorted(targets)
        if room(name)[1] != room(target)[1] and room(target)[0] <= room(name)[0]
    ]
    assert wrong == []


def test_no_import_leads_back_to_where_it_began() -> None:
    assert cycle(imports(modules("entrypoint", "action", "checks"))) == []


def test_no_folder_imports_one_that_imports_it() -> None:
    """Of a room's own module beside its folders, such as action/errors.py, the rows say enough."""
    known = modules("action", "checks")
    folders: dict[str, set[str]] = defaultdict(set)
    for name, targets in imports(known).items():
        for target in targets:
            one, other = known[name].package, known[target].package
            if one != other and {one, other}.isdisjoint({"action", "checks"}):
                folders[one].add(other)
    assert cycle({folder: folders[folder] for folder in list(folders)}) == []


def test_checks_import_only_checks_and_what_is_pure_of_the_standard_library() -> None:
    assert foreign("checks", (sys.stdlib_module_names - IMPURE) | {"checks"}) == []


def test_checks_take_only_the_pure_paths_of_pathlib() -> None:
    lines = [(m.where, line) for m in modules("checks").values() for line in m.path.read_text("utf-8").splitlines()]
    taken = [(name, line) for name, line in lines if "pathlib" in line]
    assert [line for line in taken if not re.fullmatch(r"from pathlib import Pure(Posix)?Path", line[1])] == []


def test_the_entrypoint_imports_only_action_and_the_standard_library() -> None:
    assert foreign("entrypoint", sys.stdlib_module_names | {"action"}) == []


def test_action_imports_neither_the_entrypoint_nor_tests() -> None:
    imported = {base.split(".")[0] for module in modules("action").values() for base, _ in module.imported()}
    assert imported.isdisjoint({"entrypoint", "release", "tests"})


def test_a_release_is_made_with_the_standard_library_and_the_manifest_of_the_action() -> None:
    """Jobs that may write run it, most of them without installing anything."""
    assert foreign("release", sys.stdlib_module_names | {"release"}) == [("release/__main__.py", "action.manifest")]


def test_the_probe_imports_nothing_of_ours_by_an_absolute_name() -> None:
    absolute = {
        (module.where, name.split(".")[0])
        for module in modules("action/probe").values()
        for node in ast.walk(module.tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }
    assert [found for found in absolute if found[1] in OURS] == []


def test_files_of_others_are_looked_at_and_read_in_one_way() -> None:
    """A path's ``is_file`` raises for a closed folder, ``resolve`` for a loop of links; a read waits for a pipe."""
    found = {
        f"{module.where}: {node.func.attr}"
        for module in modules("action").values()
        if not module.where.startswith(("action/probe/", "action/sandbox/looking.py"))
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in UNGUARDED
    }
    assert found <= OUR_OWN_FILES


def test_no_file_name_stands_twice_without_need() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for module in modules("action", "checks").values():
        found[module.path.name].append(module.where)
    assert {name: where for name, where in found.items() if len(where) > 1 and name not in FILES_OF_ONE_KIND} == {}


def test_no_class_name_stands_twice() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for module in modules("action", "checks").values():
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append(module.where)
    assert {name: where for name, where in found.items() if len(where) > 1} == {}


@pytest.mark.parametrize("name", ["action", "checks", "release", "tests"])
def test_every_module_opens_with_what_its_room_is_for(name: str) -> None:
    found = modules(name).values()
    assert [module.where for module in found if module.tree.body and not ast.get_docstring(module.tree)] == []


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("action", LONGEST_FUNCTION),
        ("checks", LONGEST_FUNCTION),
        ("release", LONGEST_FUNCTION),
        ("tests", LONGEST_TEST),
    ],
)
def test_no_function_and_no_file_is_too_long(name: str, longest: int) -> None:
    found = modules(name).values()
    long_files = [module.where for module in found if len(module.path.read_text("utf-8").splitlines()) > LONGEST_FILE]
    assert long_files == []
    assert [
        f"{module.where}:{function.lineno} {function.name}"
        for module in found
        for function in functions(module)
        if (function.end_lineno or 0) - function.lineno + 1 > longest
    ] == []


def test_no_signature_has_too_many_parameters() -> None:
    assert [
        f"{module.where}:{function.lineno} {function.name}"
        for module in modules("action", "checks", "release", "tests").values()
        for function in functions(module)
        if len(parameters(function)) > MOST_PARAMETERS and function.name not in FORCED
    ] == []


def test_public_signatures_are_whole_in_types() -> None:
    """No bare ``Any`` is taken or given: what cannot be known stays inside of a module."""
    assert [
        f"{module.where}:{function.lineno} {function.name}"
        for module in modules("action", "checks").values()
        if not module.name.startswith("action.probe")  # SQLAlchemy and Alembic are the project's, of any version
        for function in functions(module)
        if not function.name.startswith("_") and _is_loose(module, function)
    ] == []


def _is_loose(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    own = {node for cls in ast.walk(module.tree) if isinstance(cls, ast.ClassDef) for node in cls.body}
    if function not in own and function not in module.tree.body:
        return False  # inside of another function
    given = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    annotations = [function.returns, *(a.annotation for a in given if a.arg not in ("self", "cls"))]
    return any(a is None or (isinstance(a, ast.Name) and a.id == "Any") for a in annotations)


def test_every_check_that_is_defined_is_run() -> None:
    loaded = [importlib.import_module(name) for name in modules("checks")]
    defined = {value.id for module in loaded for value in vars(module).values() if isinstance(value, Check)}
    assert defined == {check.id for check in CHECKS}


def test_ids_of_checks_and_rules_are_unique_and_in_kebab_case() -> None:
    ids = [check.id for check in CHECKS] + [rule for check in CHECKS for rule in check.rules]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)] == []
