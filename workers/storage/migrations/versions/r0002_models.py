"""Model calls in detail, receipts, profiles, alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("call") as batch:
        batch.add_column(sa.Column("provider", sa.Text, nullable=False, server_default=""))
        batch.add_column(sa.Column("reason", sa.Text, nullable=False, server_default=""))
        batch.add_column(sa.Column("user_id", sa.BigInteger, nullable=False, server_default="0"))
        batch.add_column(sa.Column("estimated_micros", sa.BigInteger))
        batch.add_column(sa.Column("written_tokens", sa.BigInteger, nullable=False, server_default="0"))
        batch.create_index("call_at", ["at"])
    _create_receipt()
    _create_profile()
    _create_alert()


def downgrade() -> None:
    for name in ("alert", "profile", "receipt"):
        op.drop_table(name)
    with op.batch_alter_table("call") as batch:
        batch.drop_index("call_at")
        for name in ("provider", "reason", "user_id", "estimated_micros", "written_tokens"):
            batch.drop_column(name)


def _create_receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("run", sa.Text, primary_key=True),
        sa.Column("installation_id", sa.BigInteger, nullable=False),
        sa.Column("repo_id", sa.BigInteger, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("workflow", sa.Text, nullable=False),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("cost_micros", sa.BigInteger),
        sa.Column("estimated_micros", sa.BigInteger),
        sa.Column("premium_micros", sa.BigInteger),
        sa.Column("premium_model", sa.Text, nullable=False, server_default=""),
        sa.Column("quality", sa.Double),
        sa.Column("validated", sa.Integer),
        sa.Column("at", sa.Double, nullable=False),
    )
    op.create_index("receipt_workflow", "receipt", ["workflow", "at"])


def _create_profile() -> None:
    op.create_table(
        "profile",
        sa.Column("model", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("measure", sa.Text, primary_key=True),
        sa.Column("weight", sa.Double, nullable=False),
        sa.Column("mean", sa.Double, nullable=False),
        sa.Column("m2", sa.Double, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
    )


def _create_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("payer", sa.Text, primary_key=True),
        sa.Column("payer_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
    )
