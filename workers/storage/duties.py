"""What one worker does for all: a turn is a row's lease, and ends with the time when the next one is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from workers.domain.errors import LeaseLostError
from workers.storage.database import Database

LEASE_S = 300.0
"""Longer than one call of GitHub with all its retries: between two calls the lease is held anew."""

_KNOW = sa.text("INSERT INTO duty (name) VALUES (:name) ON CONFLICT (name) DO NOTHING")
_TAKE = sa.text(
    """
UPDATE duty SET lease_until = :until, lease_token = :token
WHERE name = :name AND due_at <= :now AND lease_until <= :now RETURNING done_until
"""
)
_HOLD = sa.text(
    "UPDATE duty SET lease_until = :until WHERE name = :name AND lease_token = :token RETURNING name"
)
_END = sa.text(
    """
UPDATE duty SET lease_until = 0, lease_token = '', due_at = :due_at, done_until = :done_until
WHERE name = :name AND lease_token = :token
"""
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A worker's hold on a duty. `done_until` (epoch seconds) is how far the last turn came; 0: never."""

    name: str
    token: str
    done_until: float


class DutyStore:
    """Who has which duty's turn. `now` gives epoch seconds."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], float],
        new_token: Callable[[], str],
        *,
        lease_s: float = LEASE_S,
    ) -> None:
        self._database = database
        self._now = now
        self._new_token = new_token
        self.lease_s = lease_s

    async def take(self, name: str) -> Turn | None:
        """The duty's turn, or None: it is not due, or somebody is at it."""
        now, token = self._now(), self._new_token()
        moment = {"name": name, "now": now, "until": now + self.lease_s, "token": token}

        def take(conn: sa.Connection) -> float | None:
            conn.execute(_KNOW, {"name": name})
            found: float | None = conn.scalar(_TAKE, moment)
            return found

        done_until = await self._database.write(take)
        return None if done_until is None else Turn(name, token, done_until)

    async def hold(self, turn: Turn) -> None:
        """A whole lease lies ahead on return. Raises LeaseLostError."""
        values = {"name": turn.name, "token": turn.token, "until": self._now() + self.lease_s}
        if await self._database.write(lambda conn: conn.scalar(_HOLD, values)) is None:
            raise LeaseLostError(f"The turn of {turn.name!r} is another worker's by now.")

    async def end(self, turn: Turn, due_s: float, done_until: float) -> None:
        """Give the turn back; the next one is due in `due_s`. Nothing if it is lost already."""
        values = {"name": turn.name, "token": turn.token, "due_at": self._now() + due_s}

        def end(conn: sa.Connection) -> None:
            conn.execute(_END, {**values, "done_until": done_until})

        await self._database.write(end)
