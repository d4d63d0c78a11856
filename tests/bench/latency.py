"""From a webhook to its posted review on warm processes: how long it takes, and whose time that is."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench._latency_review import IDLE_S, Bench, Parts
from tests.bench.result import Result
from tests.databases import kill_valkey, start_valkey
from tests.demo import stand_in
from tests.journeys.world import opened
from tests.sample import Sample, build

WARM_UP, ROUNDS = 3, 25
OWN_MAX_MS = 150.0
SETTINGS = {"QUORUM_DEBOUNCE_S": "0", "QUORUM_LEASE_S": "30", "QUORUM_SWEEP_INTERVAL_S": "5"}
WHOLE = "webhook received to all posted and recorded"
OWN = "own time"
FIRST = f"the first review, {IDLE_S:g} s after the start"


async def run(data: str | None) -> list[Result]:
    """Reviews the ten files of the sample, pull request by pull request, with a model that answers at once.

    Real receiver and worker processes, SQLite, Valkey and jails; GitHub and the model are fakes on loopback. GitHub's
    wish for a second between writes is off, as is the quiet time after a push: both are politeness, no work.
    """
    print(
        "pacing of writes (1 s each) and debounce (10 s) are off; own time is all but analysers and HTTP to the fakes"
    )
    measured = await _reviews()
    first, warm = measured[0], measured[WARM_UP:]
    names = list(dict.fromkeys(name for parts in warm for name in parts))
    for name in names:
        print(json.dumps(_row(name, warm)))
    print(json.dumps({"part": FIRST, **{name: round(spent, 1) for name, spent in first.items()}}))
    own = _quantile(warm, OWN, 50)
    return [
        Result("reviews", len(warm), "pull requests", ">= 20", len(warm) >= 20),
        Result(f"{WHOLE}, p50", _quantile(warm, WHOLE, 50), "ms"),
        Result(f"{WHOLE}, p95", _quantile(warm, WHOLE, 95), "ms"),
        Result("own time, p50", own, "ms", f"<= {OWN_MAX_MS:g}", own <= OWN_MAX_MS),
        Result("own time, p95", _quantile(warm, OWN, 95), "ms"),
        Result(FIRST, round(first[WHOLE], 1), "ms"),
    ]


async def _reviews() -> list[Parts]:
    valkey = start_valkey()
    try:
        with tempfile.TemporaryDirectory(prefix="quorum-latency-") as name:
            folder = Path(name)
            sample = build(folder / "git")
            heads = _same_change(sample, WARM_UP + ROUNDS)
            url = f"sqlite+aiosqlite:///{folder / 'quorum.db'}"
            async with opened(
                folder, sample.repository, database_url=url, redis_url=valkey.url, answer=stand_in.ANSWER,
                settings=SETTINGS,
            ) as world:  # fmt: skip
                bench = Bench.of(world)
                await bench.ready()
                return [await bench.review(head) for head in heads]
    finally:
        kill_valkey(valkey)


def _same_change(sample: Sample, count: int) -> list[str]:
    """Commits with the sample's files and ids of their own: a head is reviewed once."""
    commits = []
    for _ in range(count):
        sample.repository.checkout("export")
        commits.append(sample.repository.commit(message="Once more"))
    return commits


def _row(name: str, reviews: Sequence[Parts]) -> dict[str, str | float]:
    """One part: its quantiles, and its share of all time from the webhook on."""
    spent = sum(parts.get(name, 0.0) for parts in reviews)
    whole = sum(parts[WHOLE] for parts in reviews)
    return {
        "part": name,
        "p50_ms": _quantile(reviews, name, 50),
        "p95_ms": _quantile(reviews, name, 95),
        "share": round(spent / whole, 3),
    }


def _quantile(reviews: Sequence[Parts], name: str, percent: int) -> float:
    spent = [parts.get(name, 0.0) for parts in reviews]
    return round(statistics.quantiles(spent, n=100, method="inclusive")[percent - 1], 1)
