"""Transactions that reach for the same work in different orders don't wait for each other for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tests.fakes.clock import Clock
from tests.workers.storage.telling import arrived, repository, tell
from tests.workers.storage.wanting import Desk, want
from workers.domain.work import AccountSeen, Cancel, InstallationSeen, Wish
from workers.storage.database import Database
from workers.storage.intake import Intake

NUMBERS = range(1, 9)
PIPELINES = ("review", "command")


async def test_wishes_for_known_work_never_end_in_a_deadlock(database: Database) -> None:
    """One would take PostgreSQL a second to see, and cost a transaction."""
    everything = [want(number, pipeline=pipeline) for number in NUMBERS for pipeline in PIPELINES]
    await Desk(database).want(*everything)
    await tell(database, InstallationSeen(1, 5, "octo", "active"), repository())
    wishes: list[Sequence[Wish]] = [
        (Cancel(1, 10, 1, "closed"), want(8), want(4)),
        (Cancel(1, 10, 8, "closed"), Cancel(1, 10, 4, "closed"), want(1)),
        (repository("archived"), want(2)),
        (InstallationSeen(1, 5, "octo", "deleted"), want(3)),
        (AccountSeen(5, "hexa"), want(5)),
        everything,
    ]
    seconds: list[float] = []
    intakes = [Intake(database, Clock(), committed=lambda _, took: seconds.append(took)) for _ in wishes]
    for _ in range(5):
        await asyncio.gather(
            *(intake.record(arrived(), asked) for intake, asked in zip(intakes, wishes, strict=True))
        )
    assert max(seconds) < 1.0
