"""Short ways to say what is wanted."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from tests.fakes.clock import Clock
from workers.domain.work import Cancel, Priority, Want, WorkKey
from workers.storage.database import Database
from workers.storage.work import WorkStore, bump, cancel

LEASE_S = 30.0


def key(number: int = 1, installation_id: int = 1, pipeline: str = "review") -> WorkKey:
    return WorkKey(installation_id, installation_id * 10, number, pipeline)


def want(
    number: int = 1,
    installation_id: int = 1,
    *,
    priority: Priority = Priority.PUSH,
    delay_s: float = 0.0,
    head_sha: str = "",
    forced: bool = False,
    pipeline: str = "review",
) -> Want:
    return Want(
        key(number, installation_id, pipeline), "octo/repo", priority, "push", delay_s, head_sha, forced
    )


def tokens() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"token-{next(numbers)}"


class Desk:
    """A work store with a clock that stands still, and wants in a transaction each."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Clock()
        self.store = WorkStore(
            database, now=self.clock, new_token=tokens(), lease_s=LEASE_S, jitter=lambda: 0.0
        )

    async def want(self, *wants: Want) -> None:
        async with self.database.transaction() as conn:
            await conn.run_sync(bump, wants, self.clock())

    async def cancel(self, number: int = 1, installation_id: int = 1) -> None:
        async with self.database.transaction() as conn:
            await conn.run_sync(cancel, [Cancel(installation_id, installation_id * 10, number, "closed")])

    async def claimed(self) -> Sequence[int]:
        """Numbers of all that can be claimed now, in order."""
        numbers = []
        while (claim := await self.store.claim()) is not None:
            numbers.append(claim.key.number)
        return numbers
