"""Which edits of a version file change what applying it does."""

from __future__ import annotations

import pytest

from action.project.meaning import upgrade_meaning

FILE = b'''"""Add a column."""
from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("SELECT 1")


def downgrade():
    pass
'''
REFORMATTED = b'''"""Add a column, as it should have been said."""
from typing import Union

from alembic import op

revision: str = 'b'
down_revision: Union[str, None] = 'a'


def upgrade() -> None:
    """Upgrade."""
    # all of it
    op.execute(
        'SELECT 1',
    )


def downgrade() -> None:
    op.execute("SELECT 2")
'''


def test_formatting_annotations_and_downgrade_change_nothing() -> None:
    assert upgrade_meaning(REFORMATTED) == upgrade_meaning(FILE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"SELECT 1", b"SELECT 3"),
        (b'down_revision = "a"', b'down_revision = "c"'),
        (b"import op", b"import op, context"),
    ],
)
def test_anything_else_does(old: bytes, new: bytes) -> None:
    assert upgrade_meaning(FILE.replace(old, new)) != upgrade_meaning(FILE)


def test_what_cannot_be_parsed_means_nothing() -> None:
    assert upgrade_meaning(b"def upgrade(:") is None
