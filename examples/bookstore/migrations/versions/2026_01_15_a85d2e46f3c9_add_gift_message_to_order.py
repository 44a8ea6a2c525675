"""Add gift message to order

Revision ID: a85d2e46f3c9
Revises: e60b48d1937a
Create Date: 2026-01-15 10:33:20.127660

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "a85d2e46f3c9"
down_revision: Union[str, Sequence[str], None] = "e60b48d1937a"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column("order", sa.Column("gift_message", sa.Text(), nullable=True))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column("order", "gift_message")
