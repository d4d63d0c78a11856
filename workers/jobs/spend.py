"""Watches the money: alerts once as a budget runs out, reports once when a month has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from workers.domain.budget import Limit, Payer, Period
from workers.domain.months import month_before, month_span
from workers.jobs.spend_notices import REPORT, budget_notice, month_notice
from workers.notify.notice import Channel, Notice
from workers.notify.sending import deliver
from workers.storage.alerts import Alert, AlertStore
from workers.storage.database import StorageUnavailableError
from workers.storage.receipts import ReceiptBook
from workers.storage.reports import Owed, Reports

log = structlog.get_logger()

INTERVAL_S = 300.0
PERCENTS = (80, 90, 100)
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Books:
    """What was spent, what it was worth, and what was said of it."""

    reports: Reports
    receipts: ReceiptBook
    alerts: AlertStore


class SpendLoop:
    """Looks at the ledger every `interval_s`. `limits` are the operator's; those of calls and runs need no alert.

    Any number of workers may run it: an alert belongs to whoever claims it first, channel by channel. `now` gives epoch
    seconds.
    """

    def __init__(
        self,
        limits: Sequence[Limit],
        books: Books,
        channels: Sequence[Channel],
        now: Callable[[], float],
        *,
        interval_s: float = INTERVAL_S,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits = [one for one in limits if one.period in (Period.DAY, Period.MONTH)]
        self._books = books
        self._channels = channels
        self._now = now
        self._interval_s = interval_s
        self._sleep = sleep
        self._reported = ""

    async def run(self) -> None:
        """Look until cancelled; without a channel there is nobody to tell."""
        while self._channels:
            try:
                await self.tick()
            except StorageUnavailableError as error:
                log.warning("spending was not looked at", error=str(error))
            await self._sleep(self._interval_s)

    async def tick(self) -> None:
        """One look: say what was not said yet."""
        now = self._now()
        for limit in self._limits:
            await self._watch(limit, now)
        await self._report(month_before(now))

    async def _watch(self, limit: Limit, now: float) -> None:
        least = -(-limit.micros * PERCENTS[0] // 100)
        for owed in await self._books.reports.owing(limit.payer, *_span(limit.period, now), least):
            await self._alert(limit, owed, limit.period.label(now))

    async def _alert(self, limit: Limit, owed: Owed, period: str) -> None:
        """Only the highest that is passed: who jumps from 70 to 100 % is told once."""
        percent = max(one for one in PERCENTS if owed.counted_micros * 100 >= limit.micros * one)
        notice = budget_notice(limit, owed, period, percent)
        await self._say(limit.payer, owed.payer_id, period, str(percent), notice)

    async def _report(self, month: str) -> None:
        """A month without calls is not worth a message."""
        if month == self._reported:
            return
        span = month_span(month)
        spend = await self._books.reports.spend(*span)
        notice = month_notice(month, spend, await self._books.receipts.savings(*span))
        if not spend.total.calls or await self._say(Payer.OPERATOR, 0, month, REPORT, notice):
            self._reported = month

    async def _say(self, payer: Payer, payer_id: int, period: str, subject: str, notice: Notice) -> bool:
        """Whether every channel has it, by us or by another worker."""
        alerts = [Alert(payer, payer_id, period, subject, channel.name) for channel in self._channels]
        pairs = zip(alerts, self._channels, strict=True)
        return all(await asyncio.gather(*(self._say_by(alert, one, notice) for alert, one in pairs)))

    async def _say_by(self, alert: Alert, channel: Channel, notice: Notice) -> bool:
        if not await self._books.alerts.claim(alert):
            return True
        sent = False
        try:
            sent = await deliver(channel, notice, self._sleep)
        finally:  # also when the worker is told to stop
            if not sent:
                await self._books.alerts.give_back(alert)
        return sent


def _span(period: Period, now: float) -> tuple[float, float]:
    """The day or month of `now`, in UTC."""
    if period is Period.MONTH:
        return month_span(period.label(now))
    first = now // DAY_S * DAY_S
    return first, first + DAY_S
