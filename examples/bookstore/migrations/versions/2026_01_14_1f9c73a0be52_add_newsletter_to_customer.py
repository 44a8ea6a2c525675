"""Add newsletter to customer

Revision ID: 1f9c73a0be52
Revises: e60b48d1937a
Create Date: 2026-01-14 16:52:09.455173

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "1f9c73a0be52"
down_revision: Union[str, Sequence[str], None] = "e60b48d1937a"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column(
        "customer",
        sa.Column("newsletter", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column("customer", "newsletter")
