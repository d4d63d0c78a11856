"""Deliveries and what they ask for, written in one transaction; each GUID counts once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa
from isal import isal_zlib
from sqlalchemy.dialects import postgresql, sqlite

from workers.domain.command import CommandSeen
from workers.domain.work import (
    AccountSeen,
    Cancel,
    InstallationSeen,
    RepositorySeen,
    ThreadSeen,
    Want,
    Wish,
)
from workers.storage.heads import resolved
from workers.storage.installations import end_deleted, note, rename_accounts
from workers.storage.locks import lock_work
from workers.storage.repositories import note_repositories
from workers.storage.seen import note_commands, note_threads
from workers.storage.tables import delivery
from workers.storage.wants import bump, cancel

UNPARSED = "unparsed"
PACK_LEVEL = 0  # isal's quickest: a sixth of the size in ten microseconds

STATEMENT_ROWS_MAX = 16
"""Rows of one INSERT: drivers keep each number of rows as a statement of its own, the long ones 100 KB each."""

_ADD = {
    dialect: insert(delivery)
    .on_conflict_do_nothing()
    .returning(delivery.c.guid)
    .execution_options(insertmanyvalues_page_size=STATEMENT_ROWS_MAX)
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_KNOWN = sa.select(delivery.c.guid, delivery.c.body_digest, delivery.c.handled_at).where(
    delivery.c.guid.in_(sa.bindparam("guids", expanding=True))
)
_AGAIN = sa.update(delivery).where(delivery.c.guid == sa.bindparam("known"))

Row = dict[str, Any]
W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One verified webhook delivery: `body` is the raw JSON, `outcome` one of wanted, noted, unparsed.

    `digest` tells bodies apart. It is GitHub's signature of the body, which was computed to verify it; signed with
    another secret, the same body counts as another one, and costs one more look at the pull request.
    """

    guid: str
    event: str
    action: str
    installation_id: int | None
    repo_id: int | None
    outcome: str
    body: bytes = field(repr=False)
    digest: str = field(repr=False)
    source: str = "webhook"


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """A row of the table and what it asks for."""

    row: Row
    wishes: Sequence[Wish]


def pack(item: Delivery, wishes: Sequence[Wish], received_at: float) -> Arrival:
    """Make the delivery ready to be written; compresses its body, outside the interpreter's lock."""
    row = {
        "guid": item.guid,
        "event": item.event,
        "action": item.action,
        "installation_id": item.installation_id,
        "repo_id": item.repo_id,
        "body_zlib": isal_zlib.compress(item.body, PACK_LEVEL),
        "body_digest": item.digest,
        "outcome": item.outcome,
        "source": item.source,
        "received_at": received_at,
        # What it asks for is committed with it, so it is handled; only what nobody understood is not.
        "handled_at": None if item.outcome == UNPARSED else received_at,
    }
    return Arrival(row, wishes)


def keep(conn: sa.Connection, arrivals: Sequence[Arrival], now: float) -> list[bool]:
    """Write the deliveries, and what those ask for that count: new GUIDs, and known ones with something new.

    A known one counts when it was not handled, or not with this body. In the caller's transaction.
    """
    counted = _add(conn, [arrival.row for arrival in arrivals])
    _grant(conn, [arrival for arrival, counts in zip(arrivals, counted, strict=True) if counts], now)
    return counted


def _add(conn: sa.Connection, rows: Sequence[Row]) -> list[bool]:
    # In the order of GUIDs, so that two processes with the same deliveries can't wait for each other.
    ordered = sorted(rows, key=lambda row: str(row["guid"]))
    fresh = set(conn.scalars(_ADD[conn.dialect.name], ordered).all())
    counted = []
    for row in rows:
        counted.append(row["guid"] in fresh)
        fresh.discard(row["guid"])
    if all(counted):
        return counted
    known = _known(conn, [row["guid"] for row, new in zip(rows, counted, strict=True) if not new])
    counted = [
        new or known[row["guid"]] != row["body_digest"] for row, new in zip(rows, counted, strict=True)
    ]
    _replace(
        conn, [row for row, counts in zip(rows, counted, strict=True) if counts and row["guid"] in known]
    )
    return counted


def _known(conn: sa.Connection, guids: Sequence[str]) -> dict[str, str | None]:
    """Each known GUID with the hash of the body that was handled, None when none was."""
    found = conn.execute(_KNOWN, {"guids": guids})
    return {guid: None if handled_at is None else digest for guid, digest, handled_at in found}


def _replace(conn: sa.Connection, rows: Sequence[Row]) -> None:
    if rows:
        conn.execute(_AGAIN, [{**row, "known": row["guid"]} for row in rows])


def _grant(conn: sa.Connection, arrivals: Sequence[Arrival], now: float) -> None:
    grant(conn, [wish for arrival in arrivals for wish in arrival.wishes], now)
    note_commands(conn, _commands(arrivals), now)


def grant(conn: sa.Connection, wishes: Sequence[Wish], now: float) -> None:
    """Write what `wishes` ask for, commands excepted, in the caller's transaction. `now` in epoch seconds."""
    # Cancels first: the order of events is not known, a want too many is a look in vain, one lost is lost.
    wishes = resolved(conn, wishes)
    lock_work(conn, wishes)
    installations = _only(wishes, InstallationSeen)
    note(conn, installations)
    rename_accounts(conn, _only(wishes, AccountSeen))
    note_repositories(conn, _only(wishes, RepositorySeen), now)
    end_deleted(conn, installations)
    cancel(conn, _only(wishes, Cancel))
    bump(conn, _only(wishes, Want), now)
    note_threads(conn, _only(wishes, ThreadSeen), now)


def _only(wishes: Sequence[Wish], kind: type[W]) -> list[W]:
    return [wish for wish in wishes if isinstance(wish, kind)]


def _commands(arrivals: Sequence[Arrival]) -> list[tuple[str, CommandSeen]]:
    """Commands with the GUIDs of their deliveries."""
    return [
        (arrival.row["guid"], wish)
        for arrival in arrivals
        for wish in arrival.wishes
        if isinstance(wish, CommandSeen)
    ]
