"""The tables, as SQLAlchemy Core sees them; migrations make them true. Times are epoch seconds (float, UTC)."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

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

installation = sa.Table(
    "installation",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("account_id", sa.BigInteger, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="active"),  # active | suspended | deleted
    sa.Column("permissions", sa.Text, nullable=False, server_default="{}"),  # JSON object
    sa.Column("parked_until", sa.Double, nullable=False, server_default="0"),
    sa.Column("parked_why", sa.Text, nullable=False, server_default=""),
    sa.Column(
        "installed_at", sa.Double, nullable=False, server_default="0"
    ),  # as GitHub says; 0: not asked yet
    sa.Column("listed_at", sa.Double, nullable=False, server_default="0"),  # its repositories, the last time
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

# What events tell of repositories, by GitHub's numeric id.
repository = sa.Table(
    "repository",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("full_name", sa.Text, nullable=False),
    sa.Column(
        "state", sa.Text, nullable=False, server_default="active"
    ),  # active | archived | removed | deleted
    sa.Column("default_branch", sa.Text, nullable=False, server_default=""),
    sa.Column(
        "swept_at", sa.Double, nullable=False, server_default="0"
    ),  # its open pull requests, the last time
    sa.Index("repository_installation", "installation_id"),
)

# What is remembered of a pull request between two runs.
pull = sa.Table(
    "pull",
    metadata,
    sa.Column("repo_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("paused_at", sa.Double),
    sa.Column("paused_by", sa.Text, nullable=False, server_default=""),  # "": by itself
    sa.Column("pushes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("said_head_sha", sa.Text, nullable=False, server_default=""),
    sa.Column("said_base_sha", sa.Text, nullable=False, server_default=""),
    sa.Column("said_verdict", sa.Text, nullable=False, server_default=""),
    sa.Column("said_reason", sa.Text, nullable=False, server_default=""),
    sa.Column("said_at", sa.Double, nullable=False, server_default="0"),
)

# Commands, one row a comment or pressed button: each is carried out once.
command = sa.Table(
    "command",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("repo_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("full_name", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),  # issue_comment | review_comment | check_run
    sa.Column("source_id", sa.BigInteger, nullable=False),
    sa.Column("thread_id", sa.BigInteger),
    sa.Column("actor_id", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("from_bot", sa.Integer, nullable=False, server_default="0"),
    sa.Column("bare", sa.Integer, nullable=False, server_default="0"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("arguments", sa.Text, nullable=False, server_default=""),
    sa.Column("problem", sa.Text, nullable=False, server_default=""),
    sa.Column("progress", sa.Text, nullable=False),  # wanted | waiting | done | refused | ignored
    sa.Column("awaited_gen", sa.BigInteger, nullable=False, server_default="0"),  # of the work it waits for
    sa.Column("awaited_pipeline", sa.Text, nullable=False, server_default="review"),
    sa.Column(
        "replied", sa.Integer, nullable=False, server_default="0"
    ),  # whether a comment of ours answers it
    sa.Column("wanted_at", sa.Double, nullable=False),
    sa.Column("ended_at", sa.Double),
    sa.Index("command_pull", "repo_id", "number", "progress"),
    sa.Index("command_wanted_at", "wanted_at"),
)

# Findings that somebody dropped, with the reason.
dismissal = sa.Table(
    "dismissal",
    metadata,
    sa.Column("repo_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("actor_id", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# What was said on a pull request, and what became of it; places are those at the head of the round `generation`.
finding = sa.Table(
    "finding",
    metadata,
    sa.Column("repo_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("said_generation", sa.BigInteger, nullable=False),
    sa.Column("fate", sa.Text, nullable=False),  # open | fixed | dismissed | accepted | declined | outdated
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
    sa.Column("sources", sa.Text, nullable=False),  # JSON: [[kind, name, rule], …]
    sa.Column("state", sa.Text, nullable=False),  # what the vote said
    sa.Column("said_at", sa.Double, nullable=False),
    sa.Column("changed_at", sa.Double, nullable=False),
    sa.Column(
        "stood", sa.Text, nullable=False, server_default="[]"
    ),  # JSON like `sources`: who failed to disprove it
)

# What people did with a finding, the last that is known; each counts once for those who stated it.
outcome = sa.Table(
    "outcome",
    metadata,
    sa.Column("repo_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("fate", sa.Text, nullable=False),  # as of `finding`; open: what was said of it was taken back
    sa.Column("how", sa.Text, nullable=False),  # command | reaction | suggestion | thread | round
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("actor_id", sa.BigInteger, nullable=False, server_default="0"),  # of a round: the author
    sa.Column("actor", sa.Text, nullable=False, server_default=""),
    sa.Column("weighs", sa.Integer, nullable=False, server_default="0"),  # whether something is learned of it
    sa.Column("at", sa.Double, nullable=False),  # when it was said
    sa.Column("changed_at", sa.Double, nullable=False),
    sa.Column("counted", sa.Text, nullable=False, server_default=""),  # right | wrong | bounded; "": not yet
    sa.Column("counted_at", sa.Double),
    sa.Index("outcome_actor", "actor_id", "counted_at"),
    sa.Index("outcome_repository", "repo_id", "counted_at"),
)

# The last review that was posted on a pull request: of which head, and which files it read.
review_round = sa.Table(
    "review_round",
    metadata,
    sa.Column("repo_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("head_sha", sa.Text, nullable=False),
    sa.Column("base_sha", sa.Text, nullable=False),
    sa.Column("files", sa.Text, nullable=False),  # JSON: {path: [blob, [tool, …], model]}
    sa.Column("at", sa.Double, nullable=False),
)

# Review threads that people resolved or opened again; `comment_id` is the first comment.
thread = sa.Table(
    "thread",
    metadata,
    sa.Column("repo_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("comment_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("resolved", sa.Integer, nullable=False),
    sa.Column("actor_id", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

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

# The last valid configuration of a repository: in force while a broken one is in its place.
configuration = sa.Table(
    "configuration",
    metadata,
    sa.Column("repo_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("layer", sa.Text, primary_key=True),  # repository | organisation
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("blob_sha", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
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

# What we deliver as pull requests, one row a topic ("docs", "tests:42"): the branch is ours while its tip is `tip_sha`.
topic = sa.Table(
    "topic",
    metadata,
    sa.Column("repo_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("branch", sa.Text, nullable=False),
    sa.Column("tip_sha", sa.Text, nullable=False, server_default=""),
    sa.Column(
        "number", sa.BigInteger, nullable=False, server_default="0"
    ),  # of its pull request; 0: none yet
    sa.Column(
        "state", sa.Text, nullable=False
    ),  # open | merged | closed (by people) | stopped (people work on it)
    sa.Column("why", sa.Text, nullable=False, server_default=""),
    sa.Column("changed_at", sa.Double, nullable=False),
)
