"""The further lines that a finding says the same of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("finding", sa.Column("others", sa.Text, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("finding", "others")
