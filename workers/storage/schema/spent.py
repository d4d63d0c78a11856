"""Tables of what models cost, and what they have shown."""

from __future__ import annotations

import sqlalchemy as sa

from workers.storage.schema.base import metadata

# Every model call, failed ones too: what was used, and what it cost (NULL: unknown, never 0).
call = sa.Table(
    "call",
    metadata,
    sa.Column("run", sa.Text, primary_key=True),  # the lease's token: a repeated run spends again
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("repo_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("pipeline", sa.Text, nullable=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("head_sha", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("calls", sa.Integer, nullable=False),
    sa.Column("input_tokens", sa.BigInteger, nullable=False),
    sa.Column("cached_tokens", sa.BigInteger, nullable=False),
    sa.Column("output_tokens", sa.BigInteger, nullable=False),
    sa.Column("cost_micros", sa.BigInteger),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("provider", sa.Text, nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),  # why this model was asked
    sa.Column(
        "user_id", sa.BigInteger, nullable=False, server_default="0"
    ),  # who asked for the run; 0: an event
    sa.Column("estimated_micros", sa.BigInteger),
    sa.Column("written_tokens", sa.BigInteger, nullable=False, server_default="0"),
    sa.Index("call_pull", "repo_id", "number"),
    sa.Index("call_month", "repo_id", "at"),
    sa.Index("call_at", "at"),
)

# What a run cost beside what it was estimated to and what the same tokens cost on the strongest configured model.
receipt = sa.Table(
    "receipt",
    metadata,
    sa.Column("run", sa.Text, primary_key=True),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("repo_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("workflow", sa.Text, nullable=False),  # review | docs | tests | …
    sa.Column("calls", sa.Integer, nullable=False),
    sa.Column("cost_micros", sa.BigInteger),  # NULL: unknown
    sa.Column("estimated_micros", sa.BigInteger),
    sa.Column("premium_micros", sa.BigInteger),
    sa.Column("premium_model", sa.Text, nullable=False, server_default=""),
    sa.Column("quality", sa.Double),  # 0 to 1; NULL: not measured
    sa.Column("validated", sa.Integer),  # 1 or 0; NULL: not measured
    sa.Column("at", sa.Double, nullable=False),
    sa.Index("receipt_workflow", "workflow", "at"),
)

# What a model has shown at a kind of task, one row a measure: weight, mean and sum of squared differences, decayed.
profile = sa.Table(
    "profile",
    metadata,
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("measure", sa.Text, primary_key=True),  # quality | seconds | micros | success
    sa.Column("weight", sa.Double, nullable=False),
    sa.Column("mean", sa.Double, nullable=False),
    sa.Column("m2", sa.Double, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# Alerts that were sent: each once. `period` is "2026-11" or "2026-11-21".
alert = sa.Table(
    "alert",
    metadata,
    sa.Column("payer", sa.Text, primary_key=True),
    sa.Column("payer_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),  # the percentage, or "report"
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("at", sa.Double, nullable=False),
)
