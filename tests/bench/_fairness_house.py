"""One worker of a few slots over real rows, whose jobs take a fixed time: how long each row waited for its start."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict

from workers.domain.work import Priority, Want, WorkKey
from workers.jobs.runner import Runner
from workers.storage import claims
from workers.storage.database import Database
from workers.storage.lease import Lease
from workers.storage.work import WorkStore, bump

SLOTS = 8
JOB_S = 1.0
CAPACITY_S = SLOTS / JOB_S
INSTALLATIONS = 10
LARGE = 1
SMALL_SHARE = 0.08
"""Of the worker's time, wanted by all small ones together."""
LOCK = {"sqlite": "", "postgresql": "FOR UPDATE SKIP LOCKED"}


class FifoStore(WorkStore):
    """The peer: the oldest ready row first, whoever's it is."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, **_real())
        oldest = f"SELECT key FROM work WHERE {claims.READY} AND {claims.KNOWN} ORDER BY first_wanted_at, key LIMIT 1"  # noqa: S608 - composed of constants
        statement = claims._TAKE.format(chosen=f"{oldest} {LOCK[database.dialect]}")
        self._claim = claims.of_pipelines(statement, claims.PIPELINES)


def fair_store(database: Database) -> WorkStore:
    """Ours."""
    return WorkStore(database, **_real())


class _Real(TypedDict):
    now: Callable[[], float]
    new_token: Callable[[], str]
    lease_s: float
    jitter: Callable[[], float]


def _real() -> _Real:
    return {
        "now": time.time,
        "new_token": lambda: uuid.uuid4().hex,
        "lease_s": 30.0,
        "jitter": lambda: 0.0,
    }


@dataclass(frozen=True, slots=True)
class Arrival:
    """A row that a small installation wants, `at_s` after the beginning."""

    at_s: float
    installation: int


def arrivals(seed: int, seconds: float) -> Iterator[Arrival]:
    """Of the small ones, the k-th with a rate in proportion to 1/k, at random moments; the same for the same seed."""
    dice, at_s = random.Random(seed), 0.0
    small = range(LARGE + 1, INSTALLATIONS + 1)
    shares = [1 / number for number in small]
    while (at_s := at_s + dice.expovariate(CAPACITY_S * SMALL_SHARE)) < seconds:
        yield Arrival(at_s, dice.choices(small, shares)[0])


@dataclass(frozen=True, slots=True)
class Day:
    """What became of it: rows that were finished, and what each small row waited, also one that never began."""

    done: Counter[int]
    small_waits_s: list[float]


class House:
    """Wants what it is told, and works for `seconds`."""

    def __init__(self, database: Database, store: WorkStore) -> None:
        self._database = database
        self._wanted_at: dict[WorkKey, float] = {}
        self._began_at: dict[WorkKey, float] = {}
        self._done: Counter[int] = Counter()
        self._runner = Runner(
            store, {"review": self._job}, jobs_max=SLOTS, job_timeout_s=60, now=time.time, pass_on=_nobody
        )

    async def day(self, backlog: int, small: Sequence[Arrival], seconds: float) -> Day:
        """The large one wants `backlog` rows at the beginning."""
        if backlog:
            await self._want([WorkKey(LARGE, 1, number, "review") for number in range(backlog)])
        began, numbers = time.perf_counter(), iter(range(1, 1 + len(small)))
        for one in small:
            await asyncio.sleep(max(0.0, began + one.at_s - time.perf_counter()))
            await self._want([WorkKey(one.installation, 1, next(numbers), "review")])
        await asyncio.sleep(max(0.0, began + seconds - time.perf_counter()))
        ended, done = time.perf_counter(), self._done.copy()
        await self._runner.stop(JOB_S)
        waits = [
            self._began_at.get(key, ended) - wanted
            for key, wanted in self._wanted_at.items()
            if key.installation_id != LARGE
        ]
        return Day(done, waits)

    async def _want(self, keys: Sequence[WorkKey]) -> None:
        wants = [Want(key, "octo/repo", Priority.PUSH, "push") for key in keys]
        self._wanted_at |= dict.fromkeys(keys, time.perf_counter())
        await self._database.write(lambda conn: bump(conn, wants, time.time()))
        self._runner.wake()

    async def _job(self, lease: Lease) -> str:
        key = lease.claim.key
        self._began_at[key] = time.perf_counter()
        await asyncio.sleep(JOB_S)
        self._done[key.installation_id] += 1
        return "sha"


async def _nobody() -> None:
    """There is one worker."""
