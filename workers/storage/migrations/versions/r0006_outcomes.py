"""What people did with findings, what was learned of it, and who failed to disprove a finding."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("finding", sa.Column("stood", sa.Text, nullable=False, server_default="[]"))
    op.create_table(
        "outcome",
        sa.Column("repo_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("fingerprint", sa.Text, primary_key=True),
        sa.Column("fate", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("actor_id", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("actor", sa.Text, nullable=False, server_default=""),
        sa.Column("weighs", sa.Integer, nullable=False, server_default="0"),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("changed_at", sa.Double, nullable=False),
        sa.Column("counted", sa.Text, nullable=False, server_default=""),
        sa.Column("counted_at", sa.Double),
    )
    op.create_index("outcome_actor", "outcome", ["actor_id", "counted_at"])
    op.create_index("outcome_repository", "outcome", ["repo_id", "counted_at"])


def downgrade() -> None:
    op.drop_index("outcome_repository", "outcome")
    op.drop_index("outcome_actor", "outcome")
    op.drop_table("outcome")
    op.drop_column("finding", "stood")
