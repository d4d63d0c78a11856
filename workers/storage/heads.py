"""Commits that an event names without a pull request, and the pull requests that were last spoken of at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from workers.domain.work import HeadAgain, Priority, Want, Wish, WorkKey

PULLS_MAX = 100
REVIEW = "review"

_OF_HEAD = sa.text(
    """
SELECT number FROM pull WHERE repo_id = :repo_id AND said_head_sha = :head_sha ORDER BY number LIMIT :limit
"""
)


def resolved(conn: sa.Connection, wishes: Sequence[Wish]) -> list[Wish]:
    """`wishes`, with a forced review of each pull request in the place of the head that is wanted again."""
    return [one for wish in wishes for one in _resolved(conn, wish)]


def _resolved(conn: sa.Connection, wish: Wish) -> Iterator[Wish]:
    if not isinstance(wish, HeadAgain):
        yield wish
        return
    values = {"repo_id": wish.repo_id, "head_sha": wish.head_sha, "limit": PULLS_MAX}
    for number in conn.scalars(_OF_HEAD, values).all():
        key = WorkKey(wish.installation_id, wish.repo_id, number, REVIEW)
        yield Want(key, wish.full_name, Priority.COMMAND, wish.cause, head_sha=wish.head_sha, forced=True)
