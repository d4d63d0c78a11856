"""Work that nobody waits for: collected for seconds, handed in as one batch, asked alone when that comes to nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from workers.llm.asking import Asks
from workers.llm.batch_job import BatchJob
from workers.llm.batch_member import BatchFailedError, Pace, Watch
from workers.llm.parsing import Unusable
from workers.llm.pricing import BATCH
from workers.llm.provider import Answer, Batcher, ProviderError, Question
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Asked, Books, Surroundings, closing
from workers.telemetry import waiting

V = TypeVar("V")


class Batches:
    """The batches of a process, one being collected for each batcher at most: questions of all runs share them.

    What is under way is known to this process only. A worker that is killed loses its batches: whoever does its work
    again asks, and pays, once more.
    """

    def __init__(self, around: Surroundings, retry: RetryPolicy, pace: Pace | None = None) -> None:
        self._around = around
        self._retry = retry
        self._pace = pace or Pace()
        self._collecting: dict[Batcher, BatchJob] = {}

    def worthwhile(self, left_s: float) -> bool:
        """Whether a question with so much time may go into a batch."""
        return left_s >= self._pace.least_s

    async def ask(self, batcher: Batcher, question: Question, until: float, watch: Watch) -> Answer:
        """The answer to one question, by a batch. Raises ProviderError; BatchFailedError when it isn't the question's.

        A batch is called off when nobody waits for any of its answers.
        """
        batch = self._joinable(batcher)
        member = batch.join(question, until, watch)
        try:
            return await member.answer
        finally:
            if member.answer.cancelled():
                await closing(batch.left())

    def _joinable(self, batcher: Batcher) -> BatchJob:
        batch = self._collecting.get(batcher)
        if batch is None:
            batch = BatchJob(batcher, self._around, self._retry, self._pace, lambda: self._close(batcher))
            self._collecting[batcher] = batch
        return batch

    def _close(self, batcher: Batcher) -> None:
        self._collecting.pop(batcher, None)


@dataclass(frozen=True, slots=True)
class InBatches:
    """Implements `Asks`: by a batch what is not urgent and has the time, the rest by `alone`.

    `spare_s` of a call's time is kept for asking alone, when no batch has answered until then.
    """

    books: Books
    batches: Batches
    alone: Asks
    spare_s: float

    async def ask(self, asked: Asked, judge: Callable[[Answer], V | Unusable]) -> tuple[Answer, V | Unusable]:
        """An answer and what it is worth. Raises ProviderError after the last try, OverBudgetError, BudgetAwayError."""
        batcher, until = asked.endpoint.batcher, asked.deadline - self.spare_s
        left_s = until - self.books.around.monotonic()
        if asked.urgent or batcher is None or not self.batches.worthwhile(left_s):
            return await self.alone.ask(asked, judge)
        try:
            return await self._by_batch(_batched(asked), batcher, until, judge)
        except ProviderError as error:
            if not isinstance(error, BatchFailedError) and not error.retryable:
                raise
            reason = f"{asked.reason}; its batch failed ({error.kind}), so it was asked alone"
        return await self.alone.ask(replace(asked, reason=reason), judge)

    async def _by_batch(
        self, asked: Asked, batcher: Batcher, until: float, judge: Callable[[Answer], V | Unusable]
    ) -> tuple[Answer, V | Unusable]:
        """No permit is taken: batches have limits of their own, and it would be held for hours."""
        attempt = await self.books.open(asked)
        try:
            with waiting("batch"):
                answer = await self.batches.ask(batcher, asked.question(self.spare_s), until, attempt)
        except ProviderError as error:
            await attempt.failed(error)
            raise
        except asyncio.CancelledError:
            await attempt.cancelled()
            raise
        verdict = judge(answer)
        await attempt.answered(answer, usable=not isinstance(verdict, Unusable))
        return answer, verdict


def _batched(asked: Asked) -> Asked:
    expected = asked.expected_micros
    return replace(
        asked,
        reason=f"{asked.reason}, in a batch at half the price",
        factor=BATCH,
        expected_micros=None if expected is None else round(expected * BATCH),
    )
