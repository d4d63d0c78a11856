"""What kept answers save when pull requests are reviewed once more: unchanged, after a push, in another repository."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from config.repository import RepositoryConfig
from config.settings import Settings
from tests.bench._models import claim, worker_models
from tests.bench._pulls import pulls, pushed
from tests.bench.result import Result
from tests.demo.stand_in import ANSWER
from tests.fakes.models import FakeOpenAI
from workers.bootstrap.models import RunModels
from workers.bootstrap.reviewer import PipelineReviewer, open_reviewer
from workers.domain.change import Change, Snapshot
from workers.domain.usage import Call
from workers.pipelines.review import ReviewRequest
from workers.telemetry import configure_logging

PULLS = 20
AT_ONCE = 4
HITS_MIN = 0.9
REPO, OTHER_REPO = 10, 11


@dataclass(frozen=True, slots=True)
class Reviewed:
    """All calls of one round of reviews."""

    calls: tuple[Call, ...]

    def hits(self) -> float:
        """The share of the questions that a kept answer was good for."""
        return sum(call.outcome == "cached" for call in self.calls) / len(self.calls)

    def micros(self) -> int:
        """What it cost."""
        return sum(call.usage.cost_micros or 0 for call in self.calls)


@dataclass(frozen=True, slots=True)
class Bench:
    """The review pipeline with real analysers, over the gateway of a worker."""

    reviewer: PipelineReviewer
    models: RunModels

    async def round(self, name: str, changes: Sequence[Change], repo_id: int = REPO) -> Reviewed:
        """Review them all, some at once."""
        room = asyncio.Semaphore(AT_ONCE)

        async def one(number: int, change: Change) -> tuple[Call, ...]:
            work = claim(f"{name} {number}", repo_id, number)
            async with room, self.models.open(work, change.head_sha, RepositoryConfig()) as models:
                request = ReviewRequest(change, Snapshot({}, complete=True), RepositoryConfig())
                return (await self.reviewer.review(request, models, lambda _: None)).calls

        found = await asyncio.gather(*(one(*pair) for pair in enumerate(changes, 1)))
        return Reviewed(tuple(call for calls in found for call in calls))


async def run(_: str | None) -> list[Result]:
    """Hit rates and micro-dollars of four rounds of twenty reviews."""
    configure_logging("WARNING")
    async with (
        FakeOpenAI.serve(default=ANSWER) as server,
        worker_models(server.url, server.key) as models,
    ):
        bench, changes = Bench(await open_reviewer(Settings()), models), pulls(PULLS)
        first = await bench.round("first", changes)
        again = await bench.round("again", changes)
        after_push = await bench.round("pushed", [pushed(one) for one in changes])
        elsewhere = await bench.round("elsewhere", changes, OTHER_REPO)
    return _results(first, again, after_push, elsewhere)


def _results(first: Reviewed, again: Reviewed, after_push: Reviewed, elsewhere: Reviewed) -> list[Result]:
    hits, strangers = round(again.hits(), 3), round(elsewhere.hits(), 3)
    saved = first.micros() - again.micros()
    return [
        Result(f"{PULLS} pull requests: questions", len(first.calls), "questions"),
        Result("first review: hit rate", round(first.hits(), 3), "share"),
        Result("first review: cost", first.micros(), "micro-dollars"),
        Result("reviewed again: hit rate", hits, "share", f">= {HITS_MIN}", hits >= HITS_MIN),
        Result("reviewed again: saved", saved, "micro-dollars"),
        Result("after a push to one file: hit rate", round(after_push.hits(), 3), "share"),
        Result("after a push to one file: saved", first.micros() - after_push.micros(), "micro-dollars"),
        Result("the same in another repository: hit rate", strangers, "share", "= 0", strangers == 0),
    ]
