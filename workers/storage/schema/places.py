"""Tables of what is known of installations, repositories and pull requests."""

from __future__ import annotations

import sqlalchemy as sa

from workers.storage.schema.base import metadata

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
