"""Ten installations, one of them with a backlog: what the small ones wait, and what it costs the large one.

Real rows, claims and runner beside a peer that takes the oldest of the same rows first. Takes about a minute.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from tests.bench._fairness_house import (
    CAPACITY_S,
    JOB_S,
    LARGE,
    SLOTS,
    Arrival,
    Day,
    FifoStore,
    House,
    arrivals,
    fair_store,
)  # fmt: skip
from tests.bench.result import Result
from tests.databases import Postgres
from workers.storage.database import Database
from workers.storage.migrate import migrate
from workers.storage.work import WorkStore

ROUNDS = 3
SECONDS = 20.0
BACKLOG = int(CAPACITY_S * SECONDS * 2)
ABOVE_IDLE_MAX_S = 2.0
LARGE_LOSES_MAX = 0.1

Rounds = dict[str, list[Day]]
Store = Callable[[Database], WorkStore]


async def run(_: str | None) -> list[Result]:
    """On both databases at once, in every round: the small ones alone, the large one alone, both, both oldest first."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    print(
        f"{SLOTS} slots, {JOB_S:g} s a job, {BACKLOG} rows of the large one; nobody is interrupted for anybody"
    )
    migrating = asyncio.Lock()
    with tempfile.TemporaryDirectory(prefix="quorum-bench-") as name:
        postgres = await asyncio.to_thread(Postgres, Path(tempfile.mkdtemp(prefix="quorum-pg-")))
        try:
            both = await asyncio.gather(
                _on(
                    "sqlite", lambda: f"sqlite+aiosqlite:///{tempfile.mkdtemp(dir=name)}/quorum.db", migrating
                ),
                _on("postgresql", postgres.empty, migrating),
            )
            return [one for results in both for one in results]
        finally:
            await asyncio.to_thread(postgres.stop)


async def _on(kind: str, empty: Callable[[], str], migrating: asyncio.Lock) -> list[Result]:
    """What is compared runs at the same time, on databases of their own: a busy machine is as busy for each."""
    rounds: Rounds = {}
    for seed in range(ROUNDS):
        small = list(arrivals(seed, SECONDS))
        plans: dict[str, tuple[Store, int, list[Arrival]]] = {
            "idle": (fair_store, 0, small),
            "alone": (fair_store, BACKLOG, []),
            "ours": (fair_store, BACKLOG, small),
            "oldest first": (FifoStore, BACKLOG, small),
        }
        days = [_day(await _fresh(empty, migrating), *plan) for plan in plans.values()]
        for name, day in zip(plans, await asyncio.gather(*days), strict=True):
            rounds.setdefault(name, []).append(day)
            _say(kind, name, day)
    return _compare(kind, rounds)


async def _fresh(empty: Callable[[], str], migrating: asyncio.Lock) -> str:
    """One after the other: what migrates is of the whole process."""
    url = await asyncio.to_thread(empty)
    async with migrating:
        await migrate(url)
    return url


async def _day(
    url: str, store: Callable[[Database], WorkStore], backlog: int, small: Sequence[Arrival]
) -> Day:
    database = Database.connect(url)
    try:
        return await House(database, store(database)).day(backlog, small, SECONDS)
    finally:
        await database.close()


def _compare(kind: str, rounds: Rounds) -> list[Result]:
    idle, ours, oldest = (_p95(rounds[name]) for name in ("idle", "ours", "oldest first"))
    loses = round(_large_loses(rounds, "ours"), 3)
    above = round(ours - idle, 3)
    took = sum(sum(day.done.values()) - day.done[LARGE] for day in rounds["ours"])
    less = statistics.median(
        1 - day.done.total() / alone.done.total()
        for day, alone in zip(rounds["ours"], rounds["alone"], strict=True)
    )
    share = took / sum(sum(day.done.values()) for day in rounds["ours"])
    return [
        Result(f"{kind}: small ones' wait on an idle worker, p95", round(idle, 3), "s"),
        Result(
            f"{kind}: above that beside the large one, p95", above, "s", "<= 2", above <= ABOVE_IDLE_MAX_S
        ),
        Result(f"{kind}: above that beside the large one, p95", round(above / JOB_S, 2), "jobs"),
        Result(f"{kind}: the same, oldest first", round(oldest - idle, 3), "s, at least"),
        Result(
            f"{kind}: the large one loses", loses, "of its rate alone", "<= 0.1", loses <= LARGE_LOSES_MAX
        ),
        Result(f"{kind}: done for the small ones", round(share, 3), "of all"),
        Result(f"{kind}: done less in all than for the large one alone", round(less, 3), "of its rate alone"),
        Result(
            f"{kind}: the large one loses, oldest first",
            round(_large_loses(rounds, "oldest first"), 3),
            "of its rate alone",
        ),
    ]


def _p95(days: Sequence[Day]) -> float:
    waits = [wait for day in days for wait in day.small_waits_s]
    return statistics.quantiles(waits, n=20, method="inclusive")[18]


def _large_loses(rounds: Rounds, name: str) -> float:
    pairs = zip(rounds[name], rounds["alone"], strict=True)
    return statistics.median(1 - day.done[LARGE] / alone.done[LARGE] for day, alone in pairs)


def _say(kind: str, name: str, day: Day) -> None:
    waits = [round(wait, 3) for wait in sorted(day.small_waits_s)]
    figures = {"database": kind, "round": name, "large": day.done[LARGE], "small": len(waits)}
    print(json.dumps({**figures, "longest_s": waits[-1:], "load": round(os.getloadavg()[0], 2)}), flush=True)
