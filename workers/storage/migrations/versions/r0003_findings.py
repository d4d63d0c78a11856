"""What was said on pull requests, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_finding()
    _create_round()


def downgrade() -> None:
    op.drop_table("review_round")
    op.drop_table("finding")


def _create_finding() -> None:
    op.create_table(
        "finding",
        sa.Column("repo_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("fingerprint", sa.Text, primary_key=True),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("said_generation", sa.BigInteger, nullable=False),
        sa.Column("fate", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("start_line", sa.Integer),
        sa.Column("aspect", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("recommendation", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("sources", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("said_at", sa.Double, nullable=False),
        sa.Column("changed_at", sa.Double, nullable=False),
    )


def _create_round() -> None:
    op.create_table(
        "review_round",
        sa.Column("repo_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("head_sha", sa.Text, nullable=False),
        sa.Column("base_sha", sa.Text, nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
    )
