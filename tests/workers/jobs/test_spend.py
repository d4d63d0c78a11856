"""Alerts and reports of money, each once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from tests.fakes.clock import Clock
from tests.workers.storage.spending import named, receipted, spent
from workers.domain.budget import Limit, Payer, Period
from workers.jobs.spend import Books, SpendLoop
from workers.jobs.spend_notices import month_notice
from workers.notify.notice import Channel, Notice, NotSentError
from workers.storage.alerts import AlertStore
from workers.storage.database import Database
from workers.storage.receipts import ReceiptBook, Saving
from workers.storage.reports import Line, Reports, Spend

NOVEMBER_21 = 1_795_219_200.0
DAY_S = 86_400.0
MONTHLY = Limit(Payer.OPERATOR, Period.MONTH, 1000)


class Inbox:
    """A channel that keeps what it takes; `broken`: it takes nothing."""

    def __init__(self, name: str = "slack", *, broken: bool = False) -> None:
        self.name = name
        self.broken = broken
        self.notices: list[Notice] = []

    async def send(self, notice: Notice) -> None:
        await asyncio.sleep(0)
        if self.broken:
            raise NotSentError("broken", retryable=False)
        self.notices.append(notice)

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.notices]


@pytest.fixture
def clock() -> Clock:
    return Clock(NOVEMBER_21)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def loop(database: Database, clock: Clock, channels: Sequence[Channel], *limits: Limit) -> SpendLoop:
    books = Books(Reports(database), ReceiptBook(database), AlertStore(database, clock))
    return SpendLoop(limits or (MONTHLY,), books, channels, clock)


async def test_each_threshold_is_told_once_as_it_is_passed(
    database: Database, clock: Clock, inbox: Inbox
) -> None:
    watch = loop(database, clock, [inbox])
    for micros in (790, 10, 50, 60, 100, 200):
        await spent(database, cost_micros=micros, at=NOVEMBER_21)
        await watch.tick()
        await watch.tick()
    assert inbox.ids == [f"operator-0-2026-11-{percent}" for percent in (80, 90, 100)]


async def test_who_jumps_over_thresholds_is_told_the_highest(
    database: Database, clock: Clock, inbox: Inbox
) -> None:
    await spent(database, cost_micros=5_000, at=NOVEMBER_21)
    await loop(database, clock, [inbox]).tick()
    assert inbox.ids == ["operator-0-2026-11-100"]
    assert "No model is asked" in inbox.notices[0].text


async def test_a_new_period_begins_anew(database: Database, clock: Clock, inbox: Inbox) -> None:
    watch = loop(database, clock, [inbox], Limit(Payer.OPERATOR, Period.DAY, 1000))
    for _ in range(2):
        await spent(database, cost_micros=850, at=clock())
        await watch.tick()
        clock.advance(DAY_S)
    assert inbox.ids == ["operator-0-2026-11-21-80", "operator-0-2026-11-22-80"]


async def test_each_payer_is_told_of_by_name(database: Database, clock: Clock, inbox: Inbox) -> None:
    await named(database)
    await spent(database, cost_micros=800, at=NOVEMBER_21)
    await spent(database, cost_micros=950, at=NOVEMBER_21, repo_id=11)
    await spent(database, cost_micros=None, estimated_micros=60, at=NOVEMBER_21)
    await loop(database, clock, [inbox], Limit(Payer.REPOSITORY, Period.MONTH, 1000)).tick()
    dear, other = inbox.notices
    assert dear.subject == "90 % of repository 11's month's budget is spent"
    assert other.subject == "80 % of octo/repo's month's budget is spent"
    assert dict(other.facts)["Calls of unknown cost, counted as estimated"] == "1"
    assert dict(other.facts)["Spent"] == "$0.0009"


async def test_two_workers_say_it_once(database: Database, clock: Clock, inbox: Inbox) -> None:
    await spent(database, cost_micros=850, at=NOVEMBER_21)
    await asyncio.gather(*(loop(database, clock, [inbox]).tick() for _ in range(5)))
    assert inbox.ids == ["operator-0-2026-11-80"]


async def test_a_channel_that_fails_gets_it_later_and_others_at_once(
    database: Database, clock: Clock, inbox: Inbox
) -> None:
    mail = Inbox("mail", broken=True)
    watch = loop(database, clock, [mail, inbox])
    await spent(database, cost_micros=850, at=NOVEMBER_21)
    with capture_logs():
        await watch.tick()
    mail.broken = False
    await watch.tick()
    assert (inbox.ids, mail.ids) == (["operator-0-2026-11-80"], ["operator-0-2026-11-80"])


async def test_limits_of_calls_and_runs_need_no_alert(database: Database, clock: Clock, inbox: Inbox) -> None:
    await spent(database, cost_micros=5_000, at=NOVEMBER_21)
    limits = (Limit(Payer.OPERATOR, Period.CALL, 1), Limit(Payer.OPERATOR, Period.RUN, 1))
    await loop(database, clock, [inbox], *limits).tick()
    assert inbox.notices == []


async def test_a_month_that_has_ended_is_reported_once(
    database: Database, clock: Clock, inbox: Inbox
) -> None:
    await named(database)
    await spent(database, cost_micros=2_000_000, at=NOVEMBER_21 - 30 * DAY_S)
    await receipted(database, at=NOVEMBER_21 - 30 * DAY_S)
    await loop(database, clock, [inbox]).tick()
    await loop(database, clock, [inbox]).tick()
    (report,) = inbox.notices
    facts = dict(report.facts)
    assert (report.id, report.subject) == ("operator-0-2026-10-report", "Quorum in 2026-10: $2.00 for models")
    assert (facts["Dearest models"], facts["Dearest repositories"]) == ("small $2.00", "octo/repo $2.00")
    assert facts["Saved on review"] == "90% at quality 0.90, 1 of 1 validated (1 of 1 runs)"


async def test_a_month_without_calls_is_not_worth_a_message(
    database: Database, clock: Clock, inbox: Inbox
) -> None:
    await loop(database, clock, [inbox]).tick()
    assert inbox.notices == []


def test_no_saving_is_told_without_its_quality() -> None:
    nothing = Line("", 1, 1, 1, 1, 0, 1)
    saving = Saving("docs", 3, 0, 0, 0, None, 0, 0)
    notice = month_notice("2026-10", Spend(nothing, [], [], []), [saving])
    assert "%" not in dict(notice.facts)["Saved on docs"]


async def test_it_goes_on_when_the_database_comes_back(clock: Clock, inbox: Inbox) -> None:
    database = Database.connect("sqlite+aiosqlite:////nowhere/at/all.db")
    looks: list[float] = []

    async def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            raise asyncio.CancelledError

    books = Books(Reports(database), ReceiptBook(database), AlertStore(database, clock))
    with capture_logs() as logs, pytest.raises(asyncio.CancelledError):
        await SpendLoop([MONTHLY], books, [inbox], clock, sleep=sleep).run()
    await database.close()
    assert (looks, len(logs)) == ([300.0] * 3, 3)
