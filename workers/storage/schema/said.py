"""Tables of what was said on pull requests, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa

from workers.storage.schema.base import metadata

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
    sa.Column("others", sa.Text, nullable=False, server_default="[]"),  # JSON: [line, …]
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
