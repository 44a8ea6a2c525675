"""Which removed revisions are new ones under another id, and which only look alike."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from action.version_files.edits import Side
from action.version_files.reading import read_graph
from action.version_files.replaced import replaced_ids

CREATE = 'op.create_table("book", sa.Column("id", sa.Integer()), sa.Column("title", sa.String(200)))'
ADD = 'op.add_column("book", sa.Column("pages", sa.Integer()))'
DROP = 'op.drop_column("book", "pages")'


@dataclass(frozen=True)
class File:
    """A version file; ``name`` is that of the file without the id."""

    id: str
    down: str | tuple[str, ...] | None = None
    upgrade: str = "pass"
    message: str = ""
    created: str = ""
    name: str = ""
    path: str = ""

    @property
    def text(self) -> str:
        doc = f'"""{self.message}\n\nCreate Date: {self.created}\n"""\n' if self.created else f'"""{self.message}"""\n'
        ids = f"revision = {self.id!r}\ndown_revision = {self.down!r}\n"
        return f"{doc}{ids}\n\ndef upgrade():\n    {self.upgrade}\n\n\ndef downgrade():\n    pass\n"


def side(*files: File) -> Side:
    texts = {f.path or f"versions/{f.id}_{f.name}.py": f.text.encode() for f in files}
    return Side(read_graph(texts.items()), texts)


def pairs(fork: list[File], work: list[File]) -> dict[str, str]:
    before, now = [file.id for file in fork], [file.id for file in work]
    removed, new = [id_ for id_ in before if id_ not in now], [id_ for id_ in now if id_ not in before]
    return {pair.old: pair.new for pair in replaced_ids(removed, new, side(*fork), side(*work))}


SAME = {
    "the same code on the same parent": (
        [File("a", None, CREATE), File("b", "a", ADD)],
        [File("a", None, CREATE), File("z", "a", ADD)],
    ),
    "the first": ([File("b", None, CREATE)], [File("z", None, CREATE)]),
    "the same file, with other code": (
        [File("b", None, CREATE, path="versions/first.py")],
        [File("z", None, ADD, path="versions/first.py")],
    ),
    "the same message, elsewhere": (
        [File("a"), File("b", "a", ADD, message="Count pages")],
        [File("a"), File("n", "a", DROP, message="Else"), File("z", "n", ADD, message="Count pages")],
    ),
    "nearly the same code, with its child": (
        [File("b", None, CREATE), File("c", "b", ADD)],
        [File("z", None, CREATE.replace("200", "300")), File("c", "z", ADD)],
    ),
    "the same message and create date": (
        [File("b", None, ADD, message="Count", created="2026-01-01 10:00:00.5")],
        [File("z", "x", DROP, message="Count", created="2026-01-01 10:00:00.5")],
    ),
    "an empty one between the same two": (
        [File("a", None, CREATE), File("b", "a"), File("c", "b", ADD)],
        [File("a", None, CREATE), File("z", "a"), File("c", "z", ADD)],
    ),
    "an empty one of the same name": (
        [File("a"), File("b", "a", name="freeze")],
        [File("a"), File("z", "a", name="freeze")],
    ),
    "a merge revision of the same heads, with the same message": (
        [File("a"), File("x", "a"), File("y", "a"), File("b", ("x", "y"), message="Join x and y")],
        [File("a"), File("x", "a"), File("y", "a"), File("z", ("y", "x"), message="Join x and y")],
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_one_revision_under_two_ids(name: str) -> None:
    assert pairs(*SAME[name]) == {"b": "z"}


OTHERS = {
    "two empty ones": ([File("a"), File("b", "a")], [File("a"), File("z", "a")]),
    "two merge revisions": (
        [File("a"), File("x", "a"), File("y", "a"), File("b", ("x", "y"), message="Release 1")],
        [File("a"), File("x", "a"), File("y", "a"), File("z", ("x", "y"), message="Release 2")],
    ),
    "the same code elsewhere": (
        [File("a", None, CREATE), File("b", "a", ADD, message="One")],
        [File("a", None, CREATE), File("n", "a", DROP), File("z", "n", ADD, message="Another")],
    ),
    "another column": (
        [File("a", None, CREATE), File("b", "a", ADD, name="add")],
        [File("a", None, CREATE), File("z", "a", ADD.replace("pages", "isbn"), name="add")],
    ),
    "another table": (
        [File("b", None, CREATE, name="create")],
        [File("z", None, CREATE.replace("book", "author"), name="create")],
    ),
    "the opposite": (
        [File("b", None, 'op.alter_column("book", "title", nullable=False)', name="nulls")],
        [File("z", None, 'op.alter_column("book", "title", nullable=True)', name="nulls")],
    ),
    "one that both of two may be": (
        [File("a"), File("b", "a", ADD)],
        [File("a"), File("y", "a", ADD), File("z", "a", ADD)],
    ),
    "a message that others have too": (
        [File("a", message="empty message"), File("b", "a", message="empty message")],
        [File("a", message="empty message"), File("z", "a", message="empty message")],
    ),
    "a squash": (
        [File("b", None, CREATE), File("c", "b", ADD)],
        [File("z", None, f"{CREATE}\n    {ADD}")],
    ),
    "a squash in the file of the first": (
        [File("b", None, CREATE, path="versions/first.py"), File("c", "b", ADD)],
        [File("z", None, f"{CREATE}\n    {ADD}", path="versions/first.py")],
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_different_revisions(name: str) -> None:
    assert pairs(*OTHERS[name]) == {}


def test_a_whole_history_under_other_ids() -> None:
    fork = [
        File("a", None, CREATE),
        *(File(f"r{n}", f"r{n - 1}" if n else "a", ADD.replace("pages", f"c{n}")) for n in range(200)),
    ]
    work = [
        File("z", None, CREATE),
        *(File(f"s{n}", f"s{n - 1}" if n else "z", ADD.replace("pages", f"c{n}")) for n in range(200)),
    ]
    assert pairs(fork, work) == {"a": "z"} | {f"r{n}": f"s{n}" for n in range(200)}


def test_a_file_that_python_cannot_compile_is_compared_by_its_place_only() -> None:
    fork = [File("b", None, CREATE, message="First", created="2026-01-01 10:00:00")]
    work = [File("z", None, f"return {'(' * 90}1{')' * 90}", message="First", created="2026-01-01 10:00:00")]
    assert pairs(fork, work) == {"b": "z"}
