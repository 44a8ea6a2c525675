"""Version files read by their syntax, in every form that Alembic accepts."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from alembic.script.revision import Revision as AlembicRevision

from action.project.alembic_tree import Tree, is_version_file
from action.version_files.listing import version_files
from action.version_files.reading import read_graph, read_tree_graph
from checks.recording.revisions import Graph, Revision, Suppression, Unreadable

USUAL = '''"""Add price

Revision ID: c3
Revises: b2
Create Date: 2026-01-15 10:11:12.123456

"""
from typing import Sequence, Union

revision: str = "c3"
down_revision: Union[str, None] = "b2"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None
'''

NOT_READ = "its constants cannot be read: "
TOO_DEEP, TOO_MUCH = "maximum recursion depth exceeded", "they are too large"
MULTIPLIED = "".join(f"n{i} = ({f'n{i + 1},' * 10})\n" for i in range(9)) + "n9 = 'x'\n"
"""Names that stand for ten to the ninth texts."""


def revision(source: str) -> Revision:
    graph = read_graph([("v/x.py", source)])
    assert graph.unreadable == ()
    return graph.revisions[0]


def unreadable(source: str | bytes, path: str = "v/x.py") -> Unreadable:
    graph = read_graph([(path, source)])
    assert graph.revisions == ()
    return graph.unreadable[0]


def test_alembics_own_template() -> None:
    assert revision(USUAL) == Revision(
        id="c3",
        path="v/x.py",
        line=10,
        down_revision_line=11,
        down_revisions=("b2",),
        message="Add price",
        created="2026-01-15 10:11:12.123456",
        depends_on_line=13,
        down_revision_text='down_revision: Union[str, None] = "b2"',
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("None", ()),
        ("()", ()),
        ("u'a'", ("a",)),
        ('("a", "b")', ("a", "b")),
        ("['a', 'b']", ("a", "b")),
        ('("a",) + ("b",)', ("a", "b")),
        ('("a"\n    "b")', ("ab",)),
        ("PARENT", ("p",)),
        ("(PARENT, 'a')", ("p", "a")),
        ('f"{PARENT}1"', ("p1",)),
        ("('a', 'a')", ("a",)),
    ],
)
def test_forms_of_down_revision(written: str, expected: tuple[str, ...]) -> None:
    assert revision(f"PARENT = 'p'\nrevision = 'x'\ndown_revision = {written}\n").down_revisions == expected


@pytest.mark.parametrize(
    "source",
    [
        "revision, down_revision = 'x', 'a'",
        "down_revision = 'z'\nrevision = 'x'\ndown_revision = 'a'",
        "if True:\n    revision = 'x'\n    down_revision = 'a'\nelse:\n    revision = 'y'",
        "try:\n    revision = 'x'\nexcept ImportError:\n    pass\ndown_revision = 'a'",
        "REVISION = revision = 'x'\ndown_revision = 'a'",
    ],
)
def test_forms_of_assignment(source: str) -> None:
    found = revision(source)
    assert (found.id, found.down_revisions) == ("x", ("a",))


def test_a_statement_of_several_lines_is_kept_as_written() -> None:
    found = revision('revision = "x"\r\ndown_revision = (\r\n    "a",\r\n    "b",\r\n)  # both\r\n')
    assert (found.down_revision_line, found.down_revision_text) == (
        2,
        'down_revision = (\n    "a",\n    "b",\n)  # both',
    )


def test_labels_and_dependencies_that_only_running_would_show() -> None:
    found = revision(
        "revision = 'x'\ndown_revision = None\nbranch_labels = (cli.EXPAND, 'core')\ndepends_on = (cli.BASE, 'a')\n"
    )
    assert (found.branch_labels, found.depends_on) == (("{cli.EXPAND}", "core"), ("{cli.BASE}", "a"))


@pytest.mark.parametrize(("value", "names"), [("''", ()), ("['']", ()), ("('', 'a')", ("", "a")), ("None", ())])
def test_a_single_empty_dependency_is_none_for_alembic(value: str, names: tuple[str, ...]) -> None:
    assert revision(f"revision = 'x'\ndown_revision = None\ndepends_on = {value}\n").depends_on == names
    script = AlembicRevision("x", None, ast.literal_eval(value))
    assert (not script.dependencies) == (not names)


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("revision = 'x'\ndown_revision = (", 2, "SyntaxError: '(' was never closed"),
        ("revision = 'x'\n  down_revision = 1", 2, "IndentationError: unexpected indent"),
        ("revision = make()\ndown_revision = None", 1, "revision is not a literal but make()"),
        ("revision = 'x'\ndown_revision = ('a', make())", 2, "down_revision is not a literal but make()"),
        ("revision = OTHER = revision\ndown_revision = None", 1, "revision is not a literal but revision"),
        ("revision = 7\ndown_revision = None", 1, "revision is 7, not a string"),
        ("revision = 'a-b'\ndown_revision = None", 1, "the revision id 'a-b' contains '-', which Alembic refuses"),
        ("from app.x import revision\ndown_revision = None", None, "revision is not assigned as a literal"),
        ("from app.x import *", None, "revision is not assigned as a literal"),
        ("for revision in 'x':\n    pass", None, "revision is not assigned as a literal"),
        (f"revision = x{'.a' * 1400}\ndown_revision = None", None, f"{NOT_READ}{TOO_DEEP}"),
        (f"revision = {'+'.join(['x'] * 1200)}\ndown_revision = None", None, f"{NOT_READ}{TOO_DEEP}"),
        (f"{MULTIPLIED}revision = n0\ndown_revision = None", None, f"{NOT_READ}{TOO_MUCH}"),
        ("x = 1", None, "it does not assign revision, so Alembic cannot load any revision"),
        (
            "revision = 'x'",
            None,
            "it does not assign down_revision, so Alembic cannot load any revision",
        ),
    ],
)
def test_unreadable_files(source: str, line: int | None, reason: str) -> None:
    assert unreadable(source) == Unreadable(path="v/x.py", line=line, reason=reason)


@pytest.mark.parametrize("written", ["{}", "({},)", "f({})"])
def test_a_number_of_more_digits_than_python_shows(written: str) -> None:
    source = f"revision = 'x'\ndown_revision = {written.format('0x' + 'f' * 5000)}\n"
    assert unreadable(source).reason.startswith(f"{NOT_READ}Exceeds the limit (4300 digits)")


def test_bytes_that_are_no_python() -> None:
    assert unreadable(b"revision = 'x'\0").reason.startswith(("SyntaxError: ", "Python cannot parse it: "))
    assert unreadable(b"# -*- coding: utf-8 -*-\nx = '\xff'").reason.startswith("SyntaxError: ")


def test_another_encoding_that_is_declared() -> None:
    source = "# -*- coding: latin-1 -*-\n'''Größe'''\nrevision = 'x'\ndown_revision = None\n".encode("latin-1")
    assert read_graph([("x.py", source)]).revisions[0].message == "Größe"


def test_a_warning_of_the_parser_is_not_ours() -> None:
    assert revision("revision = 'x'\ndown_revision = None\nPATTERN = '\\d'\n").id == "x"


def test_an_id_may_stand_in_the_name_as_before_alembic_0_2() -> None:
    (found,) = read_graph([("v/1f9c73a0be52.py", "down_revision = None\n")]).revisions
    assert (found.id, found.line) == ("1f9c73a0be52", 1)


def test_suppressions_are_comments() -> None:
    found = revision(
        "revision = 'x'  # alembic-checks: ignore[multiple-heads, second-base]  on purpose \n"
        "down_revision = '# alembic-checks: ignore[missing-parent] a string'\n"
        "#alembic-checks:ignore[revision-cycle]\n"
        "# alembic-checks: ignore everything\n"
        "# alembic-checks: ignored\n"
    )
    assert found.suppressions == (
        Suppression(rules=("multiple-heads", "second-base"), reason="on purpose", line=1, last=5),
        Suppression(rules=("revision-cycle",), reason="", line=3, last=5),
        Suppression(rules=(), reason="everything", line=4, last=5),
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.py", True),
        (".a.py", True),
        (".#a.py", False),
        ("__init__.py", False),
        ("__init__old.py", False),
        ("a.pyc", False),
        ("a.py~", False),
        ("README", False),
    ],
)
def test_names_of_version_files(name: str, expected: bool) -> None:
    assert is_version_file(name) is expected


def tree_of(folder: Path, *locations: str, recursive: bool = False) -> Tree:
    return Tree(
        path="alembic.ini",
        config_file=folder / "alembic.ini",
        workdir=folder,
        script_location=folder,
        version_locations=tuple(folder / location for location in locations),
        recursive=recursive,
        env_py=folder / "env.py",
    )


def write(folder: Path, *paths: str) -> None:
    for number, path in enumerate(paths):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"revision = 'r{number}'\ndown_revision = None\n")


@pytest.mark.parametrize("recursive", [False, True])
def test_version_files_are_those_that_alembic_loads(tmp_path: Path, recursive: bool) -> None:
    write(tmp_path, "v/b.py", "v/a.py", "v/2026/c.py", "v/__pycache__/d.py", "v/__init__.py", "w/e.py", "w/f.txt")
    (tmp_path / "w" / "linked.py").symlink_to(tmp_path / "v" / "a.py")
    tree = tree_of(tmp_path, "v", "w", "absent", recursive=recursive)
    names = ["v/a.py", "v/b.py", *(["v/2026/c.py"] if recursive else []), "w/e.py"]
    assert [path.relative_to(tmp_path).as_posix() for path in version_files(tree)] == names
    scripts = ScriptDirectory(
        tmp_path, version_locations=list(tree.version_locations), recursive_version_locations=recursive
    )
    with pytest.warns(UserWarning, match="loaded twice"):
        loaded = {revision.path for revision in scripts.walk_revisions()}
    assert loaded == {str(tmp_path / name) for name in names}


def test_the_paths_of_a_tree_are_relative_to_the_root(tmp_path: Path) -> None:
    write(tmp_path, "backend/v/a.py")
    graph = read_tree_graph(tree_of(tmp_path / "backend", "v"), tmp_path)
    assert [revision.path for revision in graph.revisions] == ["backend/v/a.py"]
    assert read_tree_graph(tree_of(tmp_path, "absent"), tmp_path) == Graph()
