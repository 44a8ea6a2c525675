"""Add date of publication to book

Revision ID: e60b48d1937a
Revises: c7a2914e5fd8
Create Date: 2025-11-21 11:27:58.090832

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "e60b48d1937a"
down_revision: Union[str, Sequence[str], None] = "c7a2914e5fd8"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column("book", sa.Column("published", sa.Date(), nullable=True))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column("book", "published")
