"""One batch: when it is looked at, what it survives, and when it is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from tests.workers.llm.scripted import SettableTime, said
from workers.llm.batch_job import BatchJob
from workers.llm.batch_member import BatchFailedError, Pace
from workers.llm.batching import Batches
from workers.llm.provider import Answer, ProviderError, Question, Turn
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Surroundings

QUESTION = Question("be careful", (Turn("user", "what is x?"),), {}, "Number", 100, 10.0)
DAY_S = 86_400.0
GONE = ProviderError("unavailable", "gone", retryable=True)
Step = Sequence[Answer | ProviderError] | ProviderError | None


@dataclass(eq=False)
class ScriptedBatcher:
    """Ends its looks by its steps; when they are over the batch still runs."""

    steps: list[Step] = field(default_factory=list)
    refusals: list[ProviderError] = field(default_factory=list)
    submitted: list[int] = field(default_factory=list)
    looks: int = 0
    cancelled: list[str] = field(default_factory=list)

    async def submit(self, questions: Sequence[Question]) -> str:
        self.submitted.append(len(questions))
        if self.refusals:
            raise self.refusals.pop(0)
        return "ticket"

    async def poll(
        self, ticket: str, questions: Sequence[Question]
    ) -> Sequence[Answer | ProviderError] | None:
        self.looks += 1
        step = self.steps.pop(0) if self.steps else None
        if isinstance(step, ProviderError):
            raise step
        return step

    async def cancel(self, ticket: str) -> None:
        self.cancelled.append(ticket)


@dataclass(eq=False)
class SlowBatcher(ScriptedBatcher):
    """Hands out its ticket when it is told to go."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit(self, questions: Sequence[Question]) -> str:
        self.begun.set()
        await self.go.wait()
        return "ticket"


@dataclass(eq=False)
class SlowToEnd(SlowBatcher):
    """Takes its time to call off as well."""

    ending: asyncio.Event = field(default_factory=asyncio.Event)
    end: asyncio.Event = field(default_factory=asyncio.Event)

    async def cancel(self, ticket: str) -> None:
        self.ending.set()
        await self.end.wait()
        await super().cancel(ticket)


@dataclass
class Watching:
    """Counts what a batch tells."""

    out: int = 0
    kept: int = 0

    def sent(self) -> None:
        self.out += 1

    async def keep(self) -> None:
        self.kept += 1


async def ask(
    batcher: ScriptedBatcher,
    time: SettableTime,
    *,
    until: float = DAY_S,
    watch: Watching | None = None,
    retry: RetryPolicy | None = None,
) -> Answer:
    batches = Batches(time.surroundings(), retry or RetryPolicy(), Pace())
    return await batches.ask(batcher, QUESTION, until, watch or Watching())


async def test_pauses_grow_to_five_minutes() -> None:
    time = SettableTime()
    await ask(ScriptedBatcher([*[None] * 10, [said("1")]]), time)
    assert time.waits[1:4] == [10.0, 15.0, 22.5]
    assert time.waits[-2:] == [300.0, 300.0]


async def test_it_is_looked_at_a_last_time_at_its_end() -> None:
    time, batcher = SettableTime(), ScriptedBatcher()
    with pytest.raises(BatchFailedError, match="took too long") as caught:
        await ask(batcher, time, until=1_000.0)
    assert (time.now_s, caught.value.kind, caught.value.may_cost) == (1_000.0, "timeout", True)
    await asyncio.sleep(0)
    assert batcher.cancelled == ["ticket"]


async def test_each_look_tells_that_it_is_under_way() -> None:
    watch = Watching()
    await ask(ScriptedBatcher([None, None, [said("1")]]), SettableTime(), watch=watch)
    assert (watch.out, watch.kept) == (1, 2)


async def test_looks_may_fail_for_a_while() -> None:
    batcher = ScriptedBatcher([*[GONE] * Pace().lost_max, [said("1")]])
    assert (await ask(batcher, SettableTime())).text == "1"


async def test_a_batch_that_can_not_be_looked_at_is_lost() -> None:
    batcher = ScriptedBatcher([GONE] * 100)
    with pytest.raises(BatchFailedError, match="the batch was lost: gone") as caught:
        await ask(batcher, SettableTime())
    assert caught.value.may_cost
    assert batcher.looks == Pace().lost_max + 1


async def test_a_ticket_that_is_unknown_is_lost_at_once() -> None:
    batcher = ScriptedBatcher([ProviderError("not found", "no such batch")])
    with pytest.raises(BatchFailedError):
        await ask(batcher, SettableTime())
    assert batcher.looks == 1


async def test_handing_in_is_tried_again() -> None:
    batcher = ScriptedBatcher([[said("1")]], refusals=[GONE, GONE])
    await ask(batcher, SettableTime())
    assert batcher.submitted == [1, 1, 1]


async def test_what_may_have_arrived_is_not_handed_in_again() -> None:
    lost = ProviderError("timeout", "late", retryable=True, may_cost=True)
    batcher = ScriptedBatcher(refusals=[lost])
    with pytest.raises(BatchFailedError) as caught:
        await ask(batcher, SettableTime())
    assert (batcher.submitted, caught.value.may_cost) == ([1], True)


async def test_a_question_whose_time_is_over_leaves_the_others() -> None:
    time, batcher = SettableTime(), ScriptedBatcher([None, None, [said("1"), said("2")]])
    batches = Batches(time.surroundings(), RetryPolicy(), Pace())
    first, second = await asyncio.gather(
        batches.ask(batcher, QUESTION, 20.0, Watching()),
        batches.ask(batcher, QUESTION, DAY_S, Watching()),
        return_exceptions=True,
    )
    assert isinstance(first, BatchFailedError)
    assert isinstance(second, Answer)
    assert second.text == "2"


async def test_models_have_batches_of_their_own() -> None:
    time = SettableTime()
    batches = Batches(time.surroundings(), RetryPolicy(), Pace())
    ours, theirs = (ScriptedBatcher([[said("1")]]) for _ in range(2))
    await asyncio.gather(*(batches.ask(one, QUESTION, DAY_S, Watching()) for one in (ours, theirs)))
    assert (ours.submitted, theirs.submitted) == ([1], [1])


@pytest.mark.parametrize("askers", [1, 2, 5])
async def test_when_all_leave_while_it_is_handed_in_it_is_called_off(askers: int) -> None:
    batcher = SlowBatcher()
    batches = Batches(Surroundings(), RetryPolicy(), Pace(window_s=0.0))
    asking = asyncio.gather(*(batches.ask(batcher, QUESTION, DAY_S, Watching()) for _ in range(askers)))
    await batcher.begun.wait()
    asking.cancel()
    batcher.go.set()
    await asyncio.gather(asking, return_exceptions=True)
    assert batcher.cancelled == ["ticket"]


async def test_who_leaves_while_it_is_called_off_does_not_break_that_off() -> None:
    batcher = SlowBatcher()
    job = BatchJob(batcher, Surroundings(), RetryPolicy(), Pace(window_s=0.0), lambda: None)
    answer = job.join(QUESTION, DAY_S, Watching()).answer
    await batcher.begun.wait()
    answer.cancel()
    leaving = []
    for _ in range(2):
        leaving.append(asyncio.create_task(job.left()))
        await asyncio.sleep(0.01)  # its end is asked for, and waits for the ticket
    batcher.go.set()
    await asyncio.gather(*leaving)
    assert batcher.cancelled == ["ticket"]


async def test_who_leaves_when_the_batch_has_seen_so_by_itself_does_not_break_that_off() -> None:
    """Its ticket came in the moment in which the last asker was cancelled, before that one could say so."""
    batcher = SlowToEnd()
    job = BatchJob(batcher, Surroundings(), RetryPolicy(), Pace(window_s=0.0), lambda: None)
    answer = job.join(QUESTION, DAY_S, Watching()).answer
    await batcher.begun.wait()
    answer.cancel()
    batcher.go.set()
    await batcher.ending.wait()
    leaving = asyncio.create_task(job.left())
    await asyncio.sleep(0)
    batcher.end.set()
    await leaving
    assert batcher.cancelled == ["ticket"]


async def test_a_batch_that_was_left_before_it_began_is_joined_by_nobody() -> None:
    time, batcher = SettableTime(), ScriptedBatcher([[said("1")]])
    batches = Batches(time.surroundings(), RetryPolicy(), Pace())
    leaver = asyncio.create_task(batches.ask(batcher, QUESTION, DAY_S, Watching()))
    await asyncio.sleep(0)
    leaver.cancel()
    joiner = asyncio.create_task(batches.ask(batcher, QUESTION, DAY_S, Watching()))
    assert (await asyncio.wait_for(joiner, 5)).text == "1"
    await asyncio.gather(leaver, return_exceptions=True)
