"""Installations as their events tell them: work of a suspended one waits, of a deleted one it is cancelled."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa

from workers.domain.work import AccountSeen, InstallationSeen
from workers.storage.wants import OPEN, cancel_all

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

RENAME_ACCOUNT = sa.text("UPDATE installation SET account = :login WHERE account_id = :account_id")

# The owner's new name, and the old text from the slash on.
_RENAME_OWNED = """
UPDATE {table} SET full_name = :login || substr(full_name, {position}(full_name, '/'))
WHERE installation_id IN (SELECT id FROM installation WHERE account_id = :account_id){only}
"""
_POSITION = {"sqlite": "instr", "postgresql": "strpos"}
RENAME_OWNED = {
    dialect: tuple(
        sa.text(_RENAME_OWNED.format(table=table, position=position, only=only))
        for table, only in (("repository", ""), ("work", f" AND {OPEN}"))
    )
    for dialect, position in _POSITION.items()
}


def note(conn: sa.Connection, seen: Sequence[InstallationSeen]) -> None:
    """Store the latest news of each installation, in the caller's transaction; the last one of an id counts."""
    if seen:
        conn.execute(NOTE, [_row(item) for item in sorted(seen, key=lambda item: item.installation_id)])


def rename_accounts(conn: sa.Connection, seen: Sequence[AccountSeen]) -> None:
    """Their installations, repositories and open work go by the new name, in the caller's transaction."""
    if not seen:
        return
    rows = [{"account_id": item.account_id, "login": item.login} for item in _by_account(seen)]
    for statement in (RENAME_ACCOUNT, *RENAME_OWNED[conn.dialect.name]):
        conn.execute(statement, rows)


def end_deleted(conn: sa.Connection, seen: Sequence[InstallationSeen]) -> None:
    """Want nothing more of installations that were deleted, in the caller's transaction."""
    gone = {item.installation_id for item in seen if item.state == "deleted"}
    cancel_all(conn, sorted(gone), "installation deleted")


def _by_account(seen: Sequence[AccountSeen]) -> list[AccountSeen]:
    return sorted(seen, key=lambda item: item.account_id)


def _row(item: InstallationSeen) -> dict[str, object]:
    return {
        "id": item.installation_id,
        "account_id": item.account_id,
        "account": item.account,
        "state": item.state,
        "permissions": json.dumps(dict(item.permissions), sort_keys=True),
    }
