"""Which statements an edit concerns."""

from __future__ import annotations

import pytest

from action.version_files.changed_code import changed_code, past_sqlalchemy
from action.version_files.meaning import Part, meaning

FILE = """\
from alembic import op
from t import Id

SIZE = 1


def add(name):
    op.add_column(name, Id())


def upgrade():
    if SIZE:
        add("a")
    else:
        op.execute("b")
    try:
        for name in ("c", "d"):
            add(name)
    except ValueError:
        op.execute("e")
    with op.batch() as batch:
        batch.drop("f")
"""


def part(source: str) -> Part:
    found = meaning(source.encode())
    assert found is not None
    return found["upgrade"]


@pytest.mark.parametrize(
    ("old", "new", "gone", "came"),
    [
        ('"b"', '"x"', [15], [15]),
        ('"e"', '"x"', [20], [20]),
        ("from t import", "from t.ids import", [8], [8]),
        ("SIZE = 1", "SIZE = 2", [12], [12]),
        ("if SIZE", "if not SIZE", [12], [12]),
        ('("c", "d")', '("c",)', [17], [17]),
        ("as batch", "as batch, op.more()", [21], [21]),
        ('        batch.drop("f")\n', '        batch.drop("f")\n        batch.drop("g")\n', [], [23]),
        ('        op.execute("b")\n', "        pass\n", [15], []),
        ("add(name):\n", "add(name):\n    op.execute(name)\n", [], [8]),
        ("def upgrade():\n", "def upgrade():\n    if not SIZE:\n        return\n", [], []),
        ("def upgrade():\n", "def upgrade():\n    if not op.f():\n        return\n", [], [12]),
        ("def upgrade():\n", "def upgrade():\n    if not SIZE:\n        return op.f()\n", [], [12, 13]),
    ],
)
def test_the_first_lines_of_what_differs(old: str, new: str, gone: list[int], came: list[int]) -> None:
    assert old in FILE
    before, after = changed_code(part(FILE), part(FILE.replace(old, new)))
    assert ([lines.first for lines in before], [lines.first for lines in after]) == (gone, came)


def test_the_lines_of_a_head_are_its_own() -> None:
    source = FILE.replace("if SIZE:", "if (\n        SIZE\n        and 1\n    ):")
    _, (head,) = changed_code(part(FILE), part(source))
    assert (head.first, head.last) == (12, 14)
    assert head.ran({14})
    assert not head.ran({16})


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("op.get_bind().connection.cursor()", "cursor"),
        ("import subprocess\n    subprocess.run([])", "subprocess"),
        ("op.execute('cursor')", None),
    ],
)
def test_what_goes_past_sqlalchemy_is_known_by_its_name(body: str, found: str | None) -> None:
    assert past_sqlalchemy(part(f"from alembic import op\n\ndef upgrade():\n    {body}\n")) == found
