"""A round of probes: who is asked, how many at once, and what is made of the answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from workers.domain.health import Condition, Standing
from workers.domain.task import ModelError
from workers.jobs.health import PROBES_AT_ONCE_MAX, HealthLoop, Probe


@dataclass
class Watched:
    """Every model that it is told of was used just now."""

    models: Sequence[str] = ("m",)
    notes: list[tuple[str, str]] = field(default_factory=list)

    async def states(self) -> Sequence[Condition]:
        return [Condition(model, Standing.HEALTHY, idle_s=1.0) for model in self.models]

    async def probe_passed(self, model: str, seconds: float) -> None:
        self.notes.append((model, f"{seconds:g} s"))

    async def probe_failed(self, model: str, kind: str) -> None:
        self.notes.append((model, kind))


@asynccontextmanager
async def _leader() -> AsyncIterator[bool]:
    yield True


@asynccontextmanager
async def _follower() -> AsyncIterator[bool]:
    yield False


def _loop(probe: Probe, health: Watched) -> HealthLoop:
    return HealthLoop(health.models, probe, health, _leader, 300.0)


def _answers(outcome: float | str) -> Probe:
    async def probe(_: str) -> float:
        if isinstance(outcome, str):
            raise ModelError(outcome, "it did not answer")
        return outcome

    return probe


@pytest.mark.parametrize(
    ("outcome", "note"),
    [
        (0.5, "0.5 s"),
        (10.0, "timeout"),
        ("rate limited", "rate limited"),
        ("invalid answer", "invalid answer"),
        ("unavailable", "unavailable"),
    ],
)
async def test_what_a_probe_says(outcome: float | str, note: str) -> None:
    health = Watched()
    await _loop(_answers(outcome), health).round()
    assert health.notes == [("m", note)]


@pytest.mark.parametrize("kind", ["budget", "no model"])
async def test_a_model_that_was_not_asked_is_not_blamed(kind: str) -> None:
    health = Watched()
    await _loop(_answers(kind), health).round()
    assert health.notes == []


async def test_one_that_fails_spoils_no_other() -> None:
    async def probe(model: str) -> float:
        if model == "b":
            raise ModelError("timeout", "too late")
        return 1.0

    health = Watched(("a", "b", "c"))
    await _loop(probe, health).round()
    assert sorted(health.notes) == [("a", "1 s"), ("b", "timeout"), ("c", "1 s")]


async def test_who_does_not_lead_asks_nobody() -> None:
    health = Watched()
    loop = HealthLoop(health.models, _answers(1.0), health, _follower, 300.0)
    await loop.round()
    assert health.notes == []


async def test_few_are_asked_at_once() -> None:
    running = most = 0

    async def probe(_: str) -> float:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        return 1.0

    await _loop(probe, Watched([f"m{number}" for number in range(20)])).round()
    assert most == PROBES_AT_ONCE_MAX


async def test_a_round_ends_before_the_leaders_lock_does() -> None:
    async def probe(_: str) -> float:
        await asyncio.sleep(60)
        return 1.0

    health = Watched()
    loop = HealthLoop(health.models, probe, health, _leader, 300.0, round_max_s=0.01)
    await loop.round()
    assert health.notes == []


async def test_it_goes_round_every_interval() -> None:
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 2:
            raise asyncio.CancelledError

    health = Watched()
    loop = HealthLoop(health.models, _answers(1.0), health, _leader, 300.0, sleep)
    with pytest.raises(asyncio.CancelledError):
        await loop.run()
    assert (len(health.notes), naps) == (2, [300.0, 300.0])
