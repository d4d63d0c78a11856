"""Effects on GitHub, each done once: planned, sent, done; what was sent is read back before it is sent again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy as sa

from workers.domain.errors import RateLimitedError, UserError
from workers.domain.work import Claim
from workers.storage.database import Database
from workers.storage.lease import Lease

REFUSED = (UserError, RateLimitedError)
"""Failures of a send after which the effect certainly was not made; any other leaves that unknown."""

FIND = sa.text(
    """
SELECT state, remote_id FROM effect
WHERE work_key = :work_key AND generation = :generation AND kind = :kind AND key = :key
"""
)

RECORD = sa.text(
    """
INSERT INTO effect (work_key, generation, kind, key, state, remote_id, changed_at)
VALUES (:work_key, :generation, :kind, :key, :state, :remote_id, :now)
ON CONFLICT (work_key, generation, kind, key) DO UPDATE SET
  state = excluded.state, remote_id = excluded.remote_id, changed_at = excluded.changed_at
WHERE effect.state <> 'done'
"""
)

# Only the holder of the lease knows that nobody else is sending.
TAKE_BACK = sa.text(
    """
UPDATE effect SET state = 'planned', changed_at = :now
WHERE work_key = :work_key AND generation = :generation AND kind = :kind AND key = :key
  AND state = 'sent' AND EXISTS (SELECT 1 FROM work WHERE work.key = :work_key AND lease_token = :token)
"""
)


class EffectLedger:
    """Remembers every effect of a generation of work; `now` gives epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    async def once(
        self,
        lease: Lease,
        kind: str,
        key: str,
        *,
        send: Callable[[], Awaitable[str]],
        find: Callable[[], Awaitable[str | None]],
    ) -> str:
        """Make the effect unless it is made; returns GitHub's id of it.

        `find` reads back what an interrupted `send` may have left. Raises what they raise, and the lease's errors.
        """
        effect = _Effect(lease.claim, kind, key)
        state, remote_id = await self._state(effect)
        if state == "done":
            return remote_id
        found = await find() if state == "sent" else None
        if found is None:
            found = await self._send(lease, effect, send)
        await self._record(effect, "done", found)
        return found

    async def _send(self, lease: Lease, effect: _Effect, send: Callable[[], Awaitable[str]]) -> str:
        await self._record(effect, "sent")
        try:
            await lease.check()
            return await send()
        except REFUSED:
            await self._take_back(effect, lease.claim)
            raise

    async def _state(self, effect: _Effect) -> tuple[str, str]:
        row = await self._database.read(lambda conn: conn.execute(FIND, effect.key).first())
        return ("planned", "") if row is None else (row.state, row.remote_id)

    async def _record(self, effect: _Effect, state: str, remote_id: str = "") -> None:
        fate = {"state": state, "remote_id": remote_id, "now": self._now()}
        await self._execute(RECORD, {**effect.key, **fate})

    async def _take_back(self, effect: _Effect, claim: Claim) -> None:
        moment = {"now": self._now(), "token": claim.token}
        await self._execute(TAKE_BACK, {**effect.key, **moment})

    async def _execute(self, statement: sa.TextClause, values: dict[str, Any]) -> None:
        def execute(conn: sa.Connection) -> None:
            conn.execute(statement, values)

        await self._database.write(execute)


class _Effect:
    """The primary key of an effect."""

    def __init__(self, claim: Claim, kind: str, key: str) -> None:
        self.key: dict[str, Any] = {
            "work_key": str(claim.key),
            "generation": claim.generation,
            "kind": kind,
            "key": key,
        }
