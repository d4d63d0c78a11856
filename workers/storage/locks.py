"""Work of several wishes is locked in one order first, so that two transactions can't wait for each other."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from workers.domain.work import AccountSeen, Cancel, InstallationSeen, RepositorySeen, Want, Wish

# One statement for any number of wishes; the order is that of `bump`. What is done is locked too: it may be open again
# by the time it is changed. Whole installations are read without an index, since that is rare.
_IN_ORDER = sa.text(
    """
SELECT key FROM work WHERE key IN (
  SELECT unnest(CAST(:keys AS TEXT[]))
  UNION SELECT work.key FROM work
    JOIN unnest(CAST(:pull_repos AS BIGINT[]), CAST(:pull_numbers AS BIGINT[])) AS pull (repo_id, number)
    ON work.repo_id = pull.repo_id AND work.number = pull.number
  UNION SELECT key FROM work WHERE repo_id = ANY(CAST(:repos AS BIGINT[]))
  UNION SELECT key FROM work WHERE installation_id = ANY(CAST(:installations AS BIGINT[]))
  UNION SELECT work.key FROM work JOIN installation ON installation.id = work.installation_id
    WHERE installation.account_id = ANY(CAST(:accounts AS BIGINT[]))
) ORDER BY installation_id, repo_id, number, pipeline FOR UPDATE
"""
)


def lock_work(conn: sa.Connection, wishes: Sequence[Wish]) -> None:
    """Lock the work that `wishes` are about, in the caller's transaction.

    Nothing on SQLite, which has one writer, nor for wants alone: those are written in order.
    """
    if conn.dialect.name == "postgresql" and any(map(_is_out_of_order, wishes)):
        conn.execute(_IN_ORDER, _reach(wishes))


def _is_out_of_order(wish: Wish) -> bool:
    """Whether it changes work out of order, or another row that such a wish may hold."""
    return isinstance(wish, Cancel | RepositorySeen | InstallationSeen | AccountSeen)


def _reach(wishes: Sequence[Wish]) -> dict[str, list[int] | list[str]]:
    cancels = [wish for wish in wishes if isinstance(wish, Cancel)]
    return {
        "keys": [str(wish.key) for wish in wishes if isinstance(wish, Want)],
        "pull_repos": [wish.repo_id for wish in cancels],
        "pull_numbers": [wish.number for wish in cancels],
        "repos": [wish.repo_id for wish in wishes if isinstance(wish, RepositorySeen)],
        "installations": [
            wish.installation_id
            for wish in wishes
            if isinstance(wish, InstallationSeen) and wish.state == "deleted"
        ],
        "accounts": [wish.account_id for wish in wishes if isinstance(wish, AccountSeen)],
    }
