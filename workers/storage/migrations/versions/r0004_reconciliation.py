"""What a comparison with GitHub remembers: whose turn it is, deliveries that were missed, how far it has looked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_duty()
    _create_missed()
    op.add_column("installation", sa.Column("installed_at", sa.Double, nullable=False, server_default="0"))
    op.add_column("installation", sa.Column("listed_at", sa.Double, nullable=False, server_default="0"))
    op.add_column("repository", sa.Column("swept_at", sa.Double, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("repository", "swept_at")
    op.drop_column("installation", "listed_at")
    op.drop_column("installation", "installed_at")
    op.drop_table("missed")
    op.drop_table("duty")


def _create_duty() -> None:
    op.create_table(
        "duty",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("done_until", sa.Double, nullable=False, server_default="0"),
        sa.Column("due_at", sa.Double, nullable=False, server_default="0"),
        sa.Column("lease_until", sa.Double, nullable=False, server_default="0"),
        sa.Column("lease_token", sa.Text, nullable=False, server_default=""),
    )


def _create_missed() -> None:
    op.create_table(
        "missed",
        sa.Column("guid", sa.Text, primary_key=True),
        sa.Column("attempt_id", sa.BigInteger, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("delivered_at", sa.Double, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("not_before", sa.Double, nullable=False, server_default="0"),
        sa.Column("given_up_at", sa.Double),
    )
