"""All tables: deliveries, work and its effects, installations, repositories, commands, and what is remembered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("pipeline", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("head_sha", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cached_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost_micros", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("run", "position"),
    )
    op.create_index("call_month", "call", ["repo_id", "at"], unique=False)
    op.create_index("call_pull", "call", ["repo_id", "number"], unique=False)
    op.create_table(
        "command",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("from_bot", sa.Integer(), server_default="0", nullable=False),
        sa.Column("bare", sa.Integer(), server_default="0", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("arguments", sa.Text(), server_default="", nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("awaited_gen", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("replied", sa.Integer(), server_default="0", nullable=False),
        sa.Column("wanted_at", sa.Double(), nullable=False),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("command_pull", "command", ["repo_id", "number", "progress"], unique=False)
    op.create_index("command_wanted_at", "command", ["wanted_at"], unique=False)
    op.create_table(
        "configuration",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("blob_sha", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "layer"),
    )
    op.create_table(
        "dead",
        sa.Column("work_key", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.Double(), nullable=True),
        sa.Column("report_after", sa.Double(), server_default="0", nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("work_key", "generation"),
    )
    op.create_table(
        "delivery",
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), server_default="", nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=True),
        sa.Column("repo_id", sa.BigInteger(), nullable=True),
        sa.Column("body_zlib", sa.LargeBinary(), nullable=True),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="webhook", nullable=False),
        sa.Column("received_at", sa.Double(), nullable=False),
        sa.Column("handled_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("guid"),
    )
    op.create_index("delivery_received_at", "delivery", ["received_at"], unique=False)
    op.create_table(
        "dismissal",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "number", "fingerprint"),
    )
    op.create_table(
        "effect",
        sa.Column("work_key", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("work_key", "generation", "kind", "key"),
    )
    op.create_index("effect_changed_at", "effect", ["changed_at"], unique=False)
    op.create_table(
        "installation",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("permissions", sa.Text(), server_default="{}", nullable=False),
        sa.Column("parked_until", sa.Double(), server_default="0", nullable=False),
        sa.Column("parked_why", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "pull",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paused_at", sa.Double(), nullable=True),
        sa.Column("paused_by", sa.Text(), server_default="", nullable=False),
        sa.Column("pushes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("said_head_sha", sa.Text(), server_default="", nullable=False),
        sa.Column("said_base_sha", sa.Text(), server_default="", nullable=False),
        sa.Column("said_verdict", sa.Text(), server_default="", nullable=False),
        sa.Column("said_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("said_at", sa.Double(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "number"),
    )
    op.create_table(
        "repository",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("default_branch", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("repository_installation", "repository", ["installation_id"], unique=False)
    op.create_table(
        "thread",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("comment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("resolved", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "comment_id"),
    )
    op.create_table(
        "work",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("pipeline", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("wanted_gen", sa.BigInteger(), nullable=False),
        sa.Column("done_gen", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("forced_gen", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("claimed_gen", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("dead_gen", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("head_sha_hint", sa.Text(), server_default="", nullable=False),
        sa.Column("done_head_sha", sa.Text(), server_default="", nullable=False),
        sa.Column("first_wanted_at", sa.Double(), nullable=False),
        sa.Column("not_before", sa.Double(), nullable=False),
        sa.Column("lease_until", sa.Double(), server_default="0", nullable=False),
        sa.Column("lease_token", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("crashes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(
        "work_leased",
        "work",
        ["installation_id", "lease_until"],
        unique=False,
        sqlite_where=sa.text("lease_until > 0"),
        postgresql_where=sa.text("lease_until > 0"),
    )
    op.create_index("work_pull_request", "work", ["repo_id", "number"], unique=False)
    op.create_index(
        "work_ready",
        "work",
        ["installation_id", "priority", "first_wanted_at", "key"],
        unique=False,
        sqlite_where=sa.text("wanted_gen > done_gen AND wanted_gen > dead_gen"),
        postgresql_where=sa.text("wanted_gen > done_gen AND wanted_gen > dead_gen"),
    )


def downgrade() -> None:
    op.drop_index(
        "work_ready",
        table_name="work",
        sqlite_where=sa.text("wanted_gen > done_gen AND wanted_gen > dead_gen"),
        postgresql_where=sa.text("wanted_gen > done_gen AND wanted_gen > dead_gen"),
    )
    op.drop_index("work_pull_request", table_name="work")
    op.drop_index(
        "work_leased",
        table_name="work",
        sqlite_where=sa.text("lease_until > 0"),
        postgresql_where=sa.text("lease_until > 0"),
    )
    op.drop_table("work")
    op.drop_table("thread")
    op.drop_index("repository_installation", table_name="repository")
    op.drop_table("repository")
    op.drop_table("pull")
    op.drop_table("installation")
    op.drop_index("effect_changed_at", table_name="effect")
    op.drop_table("effect")
    op.drop_table("dismissal")
    op.drop_index("delivery_received_at", table_name="delivery")
    op.drop_table("delivery")
    op.drop_table("dead")
    op.drop_table("configuration")
    op.drop_index("command_wanted_at", table_name="command")
    op.drop_index("command_pull", table_name="command")
    op.drop_table("command")
    op.drop_index("call_pull", table_name="call")
    op.drop_index("call_month", table_name="call")
    op.drop_table("call")
