"""Statements that fail are taken out of a proposed migration, with what undoes them."""

from __future__ import annotations

from action.rehearsal.left_out import changes_something, without
from action.session.event_parts import Failing
from checks.recording.models import LeftOut

HEAD = 'revision = "b2"\n\n\n'
WHOLE = (
    HEAD
    + '''def upgrade():
    """Add two columns."""
    op.add_column("book", pages)
    op.add_column(
        "book", isbn
    )
    # ### end Alembic commands ###


def downgrade():
    op.drop_column("book", "isbn")
    op.drop_column("book", "pages")
'''
)


def test_a_statement_goes_with_its_counterpart() -> None:
    content, left_out = without(WHOLE, [Failing(first=7, last=9, error='type "isbn" does not exist\nLINE 1')])
    assert content == (
        HEAD
        + '''def upgrade():
    """Add two columns."""
    op.add_column("book", pages)
    # ### end Alembic commands ###


def downgrade():
    op.drop_column("book", "pages")
'''
    )
    assert left_out == (LeftOut(lines='op.add_column(\n    "book", isbn\n)', error='type "isbn" does not exist'),)


def test_where_nothing_is_left_both_functions_pass() -> None:
    failing = [Failing(first=6, last=6, error="no"), Failing(first=7, last=9, error="")]
    content, left_out = without(WHOLE, failing)
    assert (changes_something(WHOLE), changes_something(content)) == (True, False)
    assert content.count("    pass\n") == 2
    assert [item.error for item in left_out] == ["no", "it fails without a message"]


def test_a_downgrade_that_is_no_mirror_stays() -> None:
    one = WHOLE.replace('    op.drop_column("book", "pages")\n', "")
    content, _ = without(one, [Failing(first=7, last=9, error="no")])
    assert 'op.drop_column("book", "isbn")' in content
