"""Redelivery: what GitHub could not bring is asked for again, a few at a time, until it has arrived."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog

from workers.github.deliveries import Attempt, by_guid, read_log, redeliver
from workers.github.errors import RefusedError
from workers.github.rest import RestClient
from workers.jobs.turns import Held, Outcome
from workers.storage.missed import WINDOW_S, Missed, MissedStore

log = structlog.get_logger()

OVERLAP_S = 600.0
"""GitHub's log may lag by minutes."""
SOON_S = 30.0


@dataclass(frozen=True, slots=True)
class Redelivery:
    """A round: read the log from where the last one came, note what failed, ask for it again.

    While the newest attempt says that nobody answers, one delivery a round is asked for, to see whether that is over:
    an outage costs no delivery its tries. At most `per_round_max` are asked for, `pause_s` apart.
    """

    app: RestClient
    missed: MissedStore
    now: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    interval_s: float
    per_round_max: int
    pause_s: float

    async def __call__(self, held: Held) -> Outcome:
        """One round."""
        began_at = self.now()
        since = max(held.done_until - OVERLAP_S, began_at - WINDOW_S)
        read = await read_log(self.app, since, began_at)
        if not read.whole:
            log.error("more deliveries than are read in a round; open pull requests are looked at instead")
        await self.missed.note(*sort_out(read.attempts))
        await held.hold()
        for one in await self.missed.give_up():
            log.error("a delivery failed for good", guid=one.guid, event_name=one.event, tries=one.tries)
        answering = bool(read.attempts) and read.attempts[0].answered
        busy = await (self._ask(held) if answering else self._probe(held))
        return Outcome(min(self.interval_s, SOON_S) if busy else self.interval_s, began_at)

    async def _ask(self, held: Held) -> bool:
        """Ask for all that is due; whether there is more than that."""
        due = await self.missed.due(self.per_round_max + 1)
        for one in due[: self.per_round_max]:
            await held.hold()
            await self.missed.tried(one)
            await self._redeliver(one)
            await self.sleep(self.pause_s)
        capped = len(due) > self.per_round_max
        if due:
            log.info("deliveries asked for again", count=len(due) - capped)
        if capped:
            log.error("more deliveries are missing than are asked for in a round", limit=self.per_round_max)
        return capped

    async def _probe(self, held: Held) -> bool:
        """Ask for one, if any is missing; whether that was so."""
        one = await self.missed.next()
        if one is None:
            return False
        log.warning("the receiver does not answer GitHub; one delivery is asked for again", guid=one.guid)
        await self.missed.probed(one)
        await self._redeliver(one)
        return True

    async def _redeliver(self, one: Missed) -> None:
        refusal = await _refusal(self.app, one)
        if refusal:
            log.error("a delivery is lost at GitHub", guid=one.guid, event_name=one.event, why=refusal)
            await self.missed.refused(one)


async def _refusal(app: RestClient, one: Missed) -> str:
    """Why GitHub will never bring it; empty: it is on its way."""
    try:
        await redeliver(app, one.attempt_id)
    except RefusedError as error:
        return str(error)
    return ""


def sort_out(attempts: Iterable[Attempt]) -> tuple[list[Missed], list[str]]:
    """What no attempt (newest first) has brought, and the GUIDs of what one has."""
    failed, settled = [], []
    for guid, tries in by_guid(attempts).items():
        if any(one.succeeded for one in tries):
            settled.append(guid)
        else:
            failed.append(Missed(guid, tries[0].id, tries[0].event, tries[-1].at))
    return failed, settled
