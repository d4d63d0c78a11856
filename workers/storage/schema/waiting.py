"""Tables of what came in and what is to be done."""

from __future__ import annotations

import sqlalchemy as sa

from workers.storage.schema.base import metadata

# Raw deliveries, one a GUID: the proof that an event arrived. `body_zlib` is pruned after seven days.
delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("guid", sa.Text, primary_key=True),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False, server_default=""),
    sa.Column("installation_id", sa.BigInteger),
    sa.Column("repo_id", sa.BigInteger),
    sa.Column("body_zlib", sa.LargeBinary),
    sa.Column("body_digest", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),  # wanted | noted | unparsed
    sa.Column("source", sa.Text, nullable=False, server_default="webhook"),
    sa.Column("received_at", sa.Double, nullable=False),
    sa.Column("handled_at", sa.Double),
    sa.Index("delivery_received_at", "received_at"),
)

# Deliveries that GitHub could not bring, one a GUID, until they arrive; kept a while when they never do.
missed = sa.Table(
    "missed",
    metadata,
    sa.Column("guid", sa.Text, primary_key=True),
    sa.Column("attempt_id", sa.BigInteger, nullable=False),  # the newest: it is what is asked for again
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("delivered_at", sa.Double, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", sa.Double, nullable=False, server_default="0"),
    sa.Column("given_up_at", sa.Double),
)

# Wanted work, one row a (installation, repository, pull request, pipeline).
work = sa.Table(
    "work",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("repo_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("pipeline", sa.Text, nullable=False),
    sa.Column("full_name", sa.Text, nullable=False),
    sa.Column("wanted_gen", sa.BigInteger, nullable=False),
    sa.Column("done_gen", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("forced_gen", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("claimed_gen", sa.BigInteger, nullable=False, server_default="0"),  # of the latest claim
    sa.Column("dead_gen", sa.BigInteger, nullable=False, server_default="0"),  # given up; a newer one revives
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("cause", sa.Text, nullable=False, server_default=""),
    sa.Column("head_sha_hint", sa.Text, nullable=False, server_default=""),
    sa.Column("done_head_sha", sa.Text, nullable=False, server_default=""),
    sa.Column("first_wanted_at", sa.Double, nullable=False),
    sa.Column("not_before", sa.Double, nullable=False),
    sa.Column("lease_until", sa.Double, nullable=False, server_default="0"),
    sa.Column("lease_token", sa.Text, nullable=False, server_default=""),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("crashes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_error", sa.Text, nullable=False, server_default=""),
    sa.Index(
        "work_ready",
        "installation_id",
        "priority",
        "first_wanted_at",
        "key",
        sqlite_where=sa.text("wanted_gen > done_gen AND wanted_gen > dead_gen"),
        postgresql_where=sa.text("wanted_gen > done_gen AND wanted_gen > dead_gen"),
    ),
    sa.Index("work_pull_request", "repo_id", "number"),
    sa.Index(
        "work_leased",
        "installation_id",
        "lease_until",
        sqlite_where=sa.text("lease_until > 0"),
        postgresql_where=sa.text("lease_until > 0"),
    ),
)

# Work given up on one generation (three crashes, or eight tries): parked until a newer one is wanted.
dead = sa.Table(
    "dead",
    metadata,
    sa.Column("work_key", sa.Text, primary_key=True),
    sa.Column("generation", sa.BigInteger, primary_key=True),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("reported_at", sa.Double),  # when the check run on the pull request said so
    sa.Column("report_after", sa.Double, nullable=False, server_default="0"),  # a sweep is at it until then
    sa.Column("at", sa.Double, nullable=False),
)

# Effects on GitHub: planned, sent, done; what is `sent` is read back before it is sent again.
effect = sa.Table(
    "effect",
    metadata,
    sa.Column("work_key", sa.Text, primary_key=True),
    sa.Column("generation", sa.BigInteger, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),  # planned | sent | done
    sa.Column("remote_id", sa.Text, nullable=False, server_default=""),
    sa.Column("changed_at", sa.Double, nullable=False),
    sa.Index("effect_changed_at", "changed_at"),
)

# What one worker does for all, by turns: held under a lease, due at a time, done up to another.
duty = sa.Table(
    "duty",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("done_until", sa.Double, nullable=False, server_default="0"),
    sa.Column("due_at", sa.Double, nullable=False, server_default="0"),
    sa.Column("lease_until", sa.Double, nullable=False, server_default="0"),
    sa.Column("lease_token", sa.Text, nullable=False, server_default=""),
)
