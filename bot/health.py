"""`/livez`: the loop turns. `/readyz`: deliveries can be kept; a queue that is away only degrades."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import JSONResponse

from workers.domain.errors import TransientError, UserError
from workers.storage.database import Database
from workers.storage.tables import delivery

Check = Callable[[], Awaitable[None]]
"""Returns when all is well; raises UserError or TransientError, saying what is not."""

OK = "ok"


def tables_present(database: Database) -> Check:
    """A check that raises UserError while the database has no tables."""

    async def check() -> None:
        if not await database.read(lambda conn: sa.inspect(conn).has_table(delivery.name)):
            raise UserError("not migrated: run `quorum migrate`")

    return check


class Health:
    """Answers of the probes.

    Without any of `needed` the process is not ready (503); without any of `useful` it is degraded but takes
    deliveries on (200). A report is good for `max_age_s`, so that probing, which anybody can do, stays cheap.
    """

    def __init__(
        self,
        needed: Mapping[str, Check],
        useful: Mapping[str, Check],
        *,
        timeout_s: float = 3.0,
        max_age_s: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._needed = needed
        self._useful = useful
        self._timeout_s = timeout_s
        self._max_age_s = max_age_s
        self._clock = clock
        self._probing = asyncio.Lock()
        self._report: tuple[float, dict[str, str]] | None = None

    async def livez(self, _: Request) -> JSONResponse:
        """200 as long as the event loop answers."""
        return JSONResponse({"status": OK})

    async def readyz(self, _: Request) -> JSONResponse:
        """200 while deliveries can be kept, with the state of every part."""
        async with self._probing:
            report = await self._fresh()
        if any(report[name] != OK for name in self._needed):
            return JSONResponse({"status": "unready", "checks": report}, 503)
        degraded = any(report[name] != OK for name in self._useful)
        return JSONResponse({"status": "degraded" if degraded else OK, "checks": report})

    async def _fresh(self) -> dict[str, str]:
        now = self._clock()
        if self._report is None or now - self._report[0] >= self._max_age_s:
            checks = {**self._needed, **self._useful}
            states = await asyncio.gather(*(self._state(check) for check in checks.values()))
            self._report = now, dict(zip(checks, states, strict=True))
        return self._report[1]

    async def _state(self, check: Check) -> str:
        try:
            async with asyncio.timeout(self._timeout_s):
                await check()
        except (UserError, TransientError) as error:
            return str(error)
        except TimeoutError:
            return f"no answer within {self._timeout_s:g} s"
        return OK
