"""Installations as their events tell them: work of a suspended or deleted one is not claimed."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa

from workers.domain.work import InstallationSeen

# A limit that GitHub set (`parked_until`) outlives the news; unknown permissions don't erase known ones.
NOTE = sa.text(
    """
INSERT INTO installation (id, account_id, account, state, permissions)
VALUES (:id, :account_id, :account, :state, :permissions)
ON CONFLICT (id) DO UPDATE SET
  account_id = excluded.account_id,
  account = excluded.account,
  state = excluded.state,
  permissions = CASE WHEN excluded.permissions = '{}' THEN installation.permissions
                     ELSE excluded.permissions END
"""
)


def note(conn: sa.Connection, seen: Sequence[InstallationSeen]) -> None:
    """Store the latest news of each installation, in the caller's transaction; the last one of an id counts."""
    if seen:
        conn.execute(NOTE, [_row(item) for item in sorted(seen, key=lambda item: item.installation_id)])


def _row(item: InstallationSeen) -> dict[str, object]:
    return {
        "id": item.installation_id,
        "account_id": item.account_id,
        "account": item.account,
        "state": item.state,
        "permissions": json.dumps(dict(item.permissions), sort_keys=True),
    }
