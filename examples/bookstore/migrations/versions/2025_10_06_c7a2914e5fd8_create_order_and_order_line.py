"""Create order and order line

Revision ID: c7a2914e5fd8
Revises: 8d35e9b7c014
Create Date: 2025-10-06 09:05:31.604417

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "c7a2914e5fd8"
down_revision: Union[str, Sequence[str], None] = "8d35e9b7c014"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("cart", "paid", "shipped", name="order_status"),
            server_default="cart",
            nullable=False,
        ),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_order_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order")),
    )
    op.create_index("ix_order_customer_id_placed_at", "order", ["customer_id", "placed_at"], unique=False)
    op.create_table(
        "order_line",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_line_quantity_positive")),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_order_line_book_id_book")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order.id"], name=op.f("fk_order_line_order_id_order"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("order_id", "book_id", name=op.f("pk_order_line")),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table("order_line")
    op.drop_index("ix_order_customer_id_placed_at", table_name="order")
    op.drop_table("order")
    op.execute("DROP TYPE order_status")
