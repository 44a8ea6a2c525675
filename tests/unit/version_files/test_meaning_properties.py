"""No formatter edits a version file, and another value anywhere in ``upgrade()`` does."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from action.version_files.meaning import PARTS, meaning
from tests.projects import bookstore, builder, env_files, graphs, upgrades

STYLES: dict[str, tuple[str, ...]] = {
    "as ruff does by default": (),
    "in short lines and single quotes": ("line-length=40", "format.quote-style='single'"),
    "in long lines, with tabs": (
        "line-length=320",
        "format.indent-style='tab'",
        "format.skip-magic-trailing-comma=true",
        "format.line-ending='cr-lf'",
    ),
}


def version_files() -> list[bytes]:
    """Return every version file of the example and of the projects that tests run on."""
    example = sorted((bookstore.EXAMPLE / bookstore.VERSIONS).glob("*.py"))
    modules = (builder, env_files, graphs, upgrades)
    written = {
        value.text for module in modules for value in vars(module).values() if isinstance(value, builder.Revision)
    }
    return [path.read_bytes() for path in example] + [text.encode() for text in sorted(written)]


FILES = version_files()


def texts(source: bytes) -> list[str]:
    found = meaning(source)
    assert found is not None
    return [found[part].text for part in PARTS]


@pytest.mark.parametrize("style", STYLES)
def test_ruff_edits_nothing(style: str, tmp_path: Path) -> None:
    for number, source in enumerate(FILES):
        (tmp_path / f"{number}.py").write_bytes(source)
    options = [word for option in STYLES[style] for word in ("--config", option)]
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--quiet", *options]
    subprocess.run([*ruff, str(tmp_path)], check=True, capture_output=True)
    formatted = [(tmp_path / f"{number}.py").read_bytes() for number in range(len(FILES))]
    assert [texts(source) for source in formatted] == [texts(source) for source in FILES]
    assert formatted != FILES


@pytest.mark.parametrize("source", FILES)
def test_writing_a_file_anew_from_its_syntax_edits_nothing(source: bytes) -> None:
    assert texts(ast.unparse(ast.parse(source)).encode()) == texts(source)


def literals(module: ast.Module) -> list[ast.Constant]:
    """Return the constants in the body of upgrade(), but for docstrings and the parts of f-strings."""
    (function,) = (node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade")
    left_out = {
        id(part)
        for node in ast.walk(function)
        if isinstance(node, ast.Expr | ast.JoinedStr)
        for part in ([node.value] if isinstance(node, ast.Expr) else node.values)
    }
    nodes = (node for statement in function.body for node in ast.walk(statement))
    return [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in left_out]


VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.binary()
PLACES = [(file, place) for file, source in enumerate(FILES) for place in range(len(literals(ast.parse(source))))]


@given(where=st.sampled_from(PLACES), value=VALUES)
def test_another_value_in_upgrade_is_an_edit(where: tuple[int, int], value: object) -> None:
    file, place = where
    module = ast.parse(FILES[file])
    literal = literals(module)[place]
    was, literal.value = literal.value, value  # type: ignore[assignment]
    changed = texts(ast.unparse(module).encode()) != texts(FILES[file])
    assert changed == ((type(was), was) != (type(value), value))
