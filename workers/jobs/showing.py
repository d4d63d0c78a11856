"""How far work is that somebody asked for: one comment, few edits, and in the end it becomes the answer.

It appears when work takes long, and says what was so at a time, never that something is running: whatever becomes of
the run, that stays true. The next run of the work goes on in the same comment, and so does whoever gives the work up
(see `workers.jobs.answering`). Work that an event began has nobody to answer, so nothing is shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from workers.domain.errors import LeaseLostError, TransientError, UserError
from workers.github.client import Clients
from workers.github.render.underway import interrupted_text, spent_text, underway_text
from workers.jobs.underway import Errand, Underway
from workers.storage.calls import CallStore
from workers.storage.ledger import EffectLedger
from workers.storage.leftovers import Leftovers

log = structlog.get_logger()

AFTER_S = 10.0
INTERVAL_S = 30.0
EDITS_MAX = 20
ENDING_MAX_S = 20.0
"""An edit that is under way when the work is done must not come after the answer, so it is waited for."""
CUT_OFF_MAX_S = 1.5
"""A run that is cut off must be gone before its runner forgets it."""


@dataclass(slots=True)
class Steps:
    """What a run says of itself. `limit_micros` is what its models may cost, None where nobody has set a limit."""

    limit_micros: int | None = None
    said: tuple[str, ...] = ()
    hastened: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, *said: str) -> None:
        """This is how far it is now: short clean phrases, nobody else's words."""
        self.said = said

    def hasten(self) -> None:
        """It will take several rounds: don't wait until it has taken long."""
        self.hastened.set()


@dataclass(frozen=True, slots=True)
class Showing:
    """Shows errands; `now` in epoch seconds. Within one run: first after `after_s`, then looks every `interval_s`
    whether there is news, and writes at most `edits_max` times.
    """

    clients: Clients
    ledger: EffectLedger
    leftovers: Leftovers
    calls: CallStore
    now: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    after_s: float = AFTER_S
    interval_s: float = INTERVAL_S
    edits_max: int = EDITS_MAX

    @asynccontextmanager
    async def shown(self, errand: Errand | None) -> AsyncIterator[Steps]:
        """Show what the body tells; the answer is to follow it. None: there is nobody to show it to."""
        steps = Steps()
        if errand is None:
            yield steps
            return
        comment = _Comment(self, Underway(self.clients, self.ledger, self.leftovers, errand), steps)
        showing = asyncio.create_task(comment.show())
        over = False
        try:
            yield steps
            over = True
        except UserError:
            over = True  # that is an answer as well
            raise
        finally:
            await (comment.stop(showing, ENDING_MAX_S) if over else comment.cut_off(showing))


@dataclass(slots=True)
class _Comment:
    """When the comment of one run is written, and what it says; `shown` is what it says now, None: nothing yet."""

    showing: Showing
    underway: Underway
    steps: Steps
    shown: tuple[str, ...] | None = None
    edits: int = 0
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def show(self) -> None:
        """Until cancelled, or nobody wants to see it."""
        await self._wait()
        while self.edits < self.showing.edits_max and await self._tried(underway_text):
            await self.showing.sleep(self.showing.interval_s)

    async def stop(self, showing: asyncio.Task[None], patience_s: float) -> None:
        """Show nothing more; what is being written is written first, within `patience_s`."""
        try:
            async with asyncio.timeout(patience_s), self.writing:
                pass
        except TimeoutError:
            log.warning("progress was still being written in the end")
        finally:
            showing.cancel()
        (end,) = await asyncio.gather(showing, return_exceptions=True)
        if isinstance(end, Exception):
            log.error("progress could not be shown", exc_info=end)

    async def cut_off(self, showing: asyncio.Task[None]) -> None:
        """Say that nobody is at it for now. A newer run goes on at once, and says more."""
        try:
            async with asyncio.timeout(CUT_OFF_MAX_S):
                await self.stop(showing, CUT_OFF_MAX_S)
                if self.underway.place and not self.underway.errand.lease.superseded:
                    self.shown = None
                    await self._tried(interrupted_text)
        except TimeoutError:
            log.warning("nobody was told that the work was interrupted")

    async def _wait(self) -> None:
        """What an earlier run has begun to show is gone on with at once."""
        if await self.underway.begun_before():
            return
        slow = self.showing.sleep(self.showing.after_s)
        waits = [asyncio.ensure_future(slow), asyncio.ensure_future(self._hastened())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    async def _hastened(self) -> None:
        await self.steps.hastened.wait()

    async def _tried(self, render: Callable[[str, tuple[str, ...], float], str]) -> bool:
        """Whether it makes sense to try again later."""
        try:
            async with self.writing:
                return await self._put(render)
        except TransientError as error:
            log.info("progress is not shown for now", error=str(error))
            return True
        except (UserError, LeaseLostError) as error:
            log.info("progress is not shown any more", error=str(error))
            return False

    async def _put(self, render: Callable[[str, tuple[str, ...], float], str]) -> bool:
        errand = self.underway.errand
        used = await self.showing.calls.of_run(errand.lease.claim)
        said = tuple(filter(None, (*self.steps.said, spent_text(used, self.steps.limit_micros))))
        if said == self.shown:
            return True
        if not await self.underway.write(render(errand.command.seen.name, said, self.showing.now())):
            return False
        self.shown, self.edits = said, self.edits + 1
        return True


__all__ = ["Errand", "Showing", "Steps"]
