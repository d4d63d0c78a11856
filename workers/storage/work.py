"""Wanted work in the database: the receiver wants it, a worker claims it under a lease and moves it on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from workers.domain.errors import LeaseLostError, SupersededError
from workers.domain.work import Claim, Want, WorkKey
from workers.storage import claims, outlook
from workers.storage.database import Database
from workers.storage.outlook import Counts, Dead
from workers.storage.wants import bump, cancel

__all__ = ["Counts", "Dead", "WorkStore", "bump", "cancel"]

ATTEMPTS_MAX = 8
CRASHES_MAX = 3
BACKOFF_S = 30.0
BACKOFF_JITTER = 0.25
ERROR_MAX_CHARS = 2_000
REPORT_RETRY_S = 60.0


class WorkStore:
    """Claims and their fates. `now` gives epoch seconds, `jitter` numbers in [0, 1).

    Only rows of `pipelines` are claimed; others wait for a process that knows theirs.
    """

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], float],
        new_token: Callable[[], str],
        lease_s: float,
        jitter: Callable[[], float],
        backoff_first_s: float = BACKOFF_S,
        pipelines: Sequence[str] = claims.PIPELINES,
    ) -> None:
        self._database = database
        self._now = now
        self._new_token = new_token
        self.lease_s = lease_s
        self._jitter = jitter
        self._backoff_first_s = backoff_first_s
        self._claim = claims.of_pipelines(claims.CLAIM[database.dialect], pipelines)
        self._outlook = outlook.Outlook(pipelines)

    async def claim(self) -> Claim | None:
        """Take the fairest ready row, or None if none is ready.

        Fewest running of its installation first, then priority, then age. A generation that crashed its third
        worker, or cost eight their lease, is given up here instead of being handed out again.
        """
        return await self._database.write(self._take)

    async def beat(self, claim: Claim) -> int:
        """Extend the lease; returns the generation wanted by now. Raises LeaseLostError."""
        until = self._now() + self.lease_s
        wanted = await self._database.write(
            lambda conn: conn.scalar(claims.BEAT, {**_held(claim), "until": until})
        )
        if wanted is None:
            raise _lost(claim)
        return int(wanted)

    async def verify(self, claim: Claim) -> None:
        """Fence a write: a whole lease lies ahead on return. Raises LeaseLostError or SupersededError."""
        wanted = await self.beat(claim)
        if wanted > claim.generation:
            raise SupersededError(f"Generation {wanted} of {claim.key} is wanted, not {claim.generation}.")

    async def finish(self, claim: Claim, head_sha: str) -> None:
        """The generation is done for `head_sha`. Raises LeaseLostError."""
        await self._move(claim, claims.FINISH, {"generation": claim.generation, "head_sha": head_sha})

    async def release(self, claim: Claim) -> None:
        """Give the row back at once, uncounted: shutdown, or a newer generation. Nothing if it is lost already."""
        await self._database.write(lambda conn: _release(conn, claim))

    async def retry(self, claim: Claim, error: str, retry_after_s: float | None = None) -> None:
        """Try again after `backoff_first_s` · 2^n and jitter, at least `retry_after_s`; given up after 8 tries."""
        wait_s = max(self._backoff_s(claim.attempts), retry_after_s or 0.0)
        await self._fail(claim, error, wait_s, tried=1)

    async def crash(self, claim: Claim, error: str) -> None:
        """The job broke of a bug or ran out of time: try again; given up the third time."""
        await self._fail(claim, error, self._backoff_s(claim.crashes), crashed=1)

    async def forgive(self, claim: Claim) -> None:
        """The lease ran out and somebody has taken the work, but its worker lives: a try, and no crash. Once."""
        held = {**_held(claim), "generation": claim.generation}
        await self._database.write(lambda conn: conn.execute(claims.FORGIVE, held))

    async def park(self, claim: Claim, until: float, why: str) -> None:
        """All work of the claim's installation waits until `until` (epoch seconds); this claim, uncounted, too."""
        parking = {"installation_id": claim.key.installation_id, "until": until, "why": why}

        def park(conn: sa.Connection) -> None:
            conn.execute(claims.PARK, parking)
            _release(conn, claim)

        await self._database.write(park)

    async def want(self, want: Want) -> None:
        """Want work from within: no event says so."""
        await self._database.write(lambda conn: bump(conn, [want], self._now()))

    async def ready(self, limit: int) -> int:
        """How many rows could be claimed now, counted up to `limit`."""
        return await self._database.read(lambda conn: self._outlook.count_ready(conn, self._now(), limit))

    async def next_due_s(self) -> float | None:
        """Seconds until some row becomes ready by itself (delay, lease or parking over); None: none will."""
        now = self._now()
        due = await self._database.read(lambda conn: self._outlook.next_due(conn, now))
        return None if due is None else due - now

    async def unreported_dead(self) -> list[Dead]:
        """Given-up work to report; handed to one caller, and again after a minute unless marked as reported."""
        now = self._now()
        return await self._database.write(lambda conn: outlook.take_dead(conn, now, now + REPORT_RETRY_S))

    async def mark_reported(self, dead: Dead) -> None:
        """The people of the pull request were told."""
        await self._database.write(lambda conn: outlook.mark_reported(conn, dead, self._now()))

    async def counts(self) -> Counts:
        """Figures for metrics."""
        return await self._database.read(lambda conn: outlook.counts(conn, self._now()))

    def _take(self, conn: sa.Connection) -> Claim | None:
        while True:
            now, token = self._now(), self._new_token()
            moment = {"now": now, "until": now + self.lease_s, "token": token}
            row = conn.execute(self._claim, moment).first()
            if row is None:
                return None
            claim = _claim(row, token)
            if not _is_hopeless(claim.attempts, claim.crashes):
                return claim
            self._bury(conn, claim, row.last_error or _wordless(claim))

    def _backoff_s(self, failures: int) -> float:
        return self._backoff_first_s * 2.0**failures * (1 + BACKOFF_JITTER * self._jitter())

    async def _fail(
        self, claim: Claim, error: str, wait_s: float, *, tried: int = 0, crashed: int = 0
    ) -> None:
        """Counts go by the row: a crash may have been forgiven while this claim was held."""
        counted = {"tried": tried, "crashed": crashed, "not_before": self._now() + wait_s}
        fate = {"generation": claim.generation, "error": error[:ERROR_MAX_CHARS], **counted}

        def fail(conn: sa.Connection) -> None:
            row = conn.execute(claims.FAILURES, _held(claim)).first()
            if row is None:
                raise _lost(claim)
            if _is_hopeless(row.attempts + tried, row.crashes + crashed):
                self._bury(conn, claim, error)
            elif conn.scalar(claims.PUT_OFF, {**_held(claim), **fate}) is None:
                raise _lost(claim)

        await self._database.write(fail)

    async def _move(self, claim: Claim, statement: sa.TextClause, fate: dict[str, Any]) -> None:
        moved = await self._database.write(lambda conn: conn.scalar(statement, {**_held(claim), **fate}))
        if moved is None:
            raise _lost(claim)

    def _bury(self, conn: sa.Connection, claim: Claim, error: str) -> None:
        fate = {"generation": claim.generation, "error": error[:ERROR_MAX_CHARS]}
        wanted = conn.scalar(claims.BURY, {**_held(claim), **fate})
        if wanted is None:
            raise _lost(claim)
        if wanted == claim.generation:  # else a newer one is wanted, and nothing is lost
            conn.execute(claims.MOURN, {"key": str(claim.key), "now": self._now(), **fate})


def _is_hopeless(attempts: int, crashes: int) -> bool:
    return attempts >= ATTEMPTS_MAX or crashes >= CRASHES_MAX


def _wordless(claim: Claim) -> str:
    if claim.crashes >= CRASHES_MAX:
        return f"{claim.crashes} workers died of it without a word."
    return f"Its lease ended {claim.attempts} times before it was done."


def _lost(claim: Claim) -> LeaseLostError:
    return LeaseLostError(f"The lease on {claim.key} generation {claim.generation} is gone.")


def _release(conn: sa.Connection, claim: Claim) -> None:
    conn.execute(claims.RELEASE, _held(claim))


def _held(claim: Claim) -> dict[str, Any]:
    return {"key": str(claim.key), "token": claim.token}


def _claim(row: sa.Row[Any], token: str) -> Claim:
    return Claim(
        key=WorkKey.parse(row.key),
        generation=row.wanted_gen,
        token=token,
        full_name=row.full_name,
        cause=row.cause,
        forced=bool(row.forced),
        attempts=row.attempts,
        crashes=row.crashes,
        head_sha=row.head_sha_hint,
    )
