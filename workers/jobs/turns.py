"""Duties that one worker does for all: whoever takes the turn in the database leads until it ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

import structlog

from workers.domain.errors import LeaseLostError, TransientError, UserError
from workers.storage.database import StorageUnavailableError
from workers.storage.duties import DutyStore, Turn

log = structlog.get_logger()

LOOK_MAX_S = 15.0
BEATS_PER_LEASE = 3


@dataclass(frozen=True, slots=True)
class Held:
    """A turn that is under way: `hold` it before each step, for LeaseLostError says that another worker has it."""

    done_until: float
    hold: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """When the next turn is due, and how far (epoch seconds) this one came."""

    due_s: float
    done_until: float


Duty = Callable[[Held], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Turns:
    """Looks every so often which duty (by name, with its interval in seconds) is due, and does it.

    Meanwhile its turn is held by a beat, so that the lease may be short: nobody waits long for who died in a turn.
    """

    store: DutyStore
    duties: Mapping[str, tuple[float, Duty]]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    beat: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        """Look until cancelled."""
        look_s = min(LOOK_MAX_S, *(interval_s for interval_s, _ in self.duties.values()))
        while True:
            await self.tick()
            await self.sleep(look_s)

    async def tick(self) -> None:
        """Do whatever is due now, one after the other."""
        for name, (interval_s, duty) in self.duties.items():
            try:
                await self._take(name, interval_s, duty)
            except StorageUnavailableError as error:
                log.warning("a duty waits for the database", duty=name, error=str(error))

    async def _take(self, name: str, interval_s: float, duty: Duty) -> None:
        turn = await self.store.take(name)
        if turn is not None:
            outcome = await self._do(turn, interval_s, duty)
            await self.store.end(turn, outcome.due_s, outcome.done_until)

    async def _do(self, turn: Turn, interval_s: float, duty: Duty) -> Outcome:
        """What failed is due again after the interval, from where the last turn came."""
        keeping = asyncio.create_task(self._keep(turn))
        try:
            return await duty(Held(turn.done_until, partial(self.store.hold, turn)))
        except (TransientError, UserError, LeaseLostError) as error:
            log.warning("a duty was not done", duty=turn.name, error=str(error))
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])
        return Outcome(interval_s, turn.done_until)

    async def _keep(self, turn: Turn) -> None:
        """Until cancelled, or another worker has it: the duty learns that before its next step."""
        with contextlib.suppress(LeaseLostError):
            while True:
                await self.beat(self.store.lease_s / BEATS_PER_LEASE)
                with contextlib.suppress(StorageUnavailableError):
                    await self.store.hold(turn)
