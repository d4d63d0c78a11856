"""Commands wait for other work than reviews, and branches that we made are remembered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("command", sa.Column("awaited_pipeline", sa.Text, nullable=False, server_default="review"))
    op.create_table(
        "topic",
        sa.Column("repo_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("branch", sa.Text, nullable=False),
        sa.Column("tip_sha", sa.Text, nullable=False, server_default=""),
        sa.Column("number", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False, server_default=""),
        sa.Column("changed_at", sa.Double, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("topic")
    op.drop_column("command", "awaited_pipeline")
