"""One batch from its first question to its last answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from workers.llm.batch_member import BatchFailedError, Member, Pace, Watch
from workers.llm.batch_ticket import call_off, hand_in
from workers.llm.provider import Answer, Batcher, ProviderError, Question
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Surroundings


class BatchJob:
    """Collects questions, hands them in, looks until they are answered. `close` is called when nobody can join now."""

    def __init__(
        self,
        batcher: Batcher,
        around: Surroundings,
        retry: RetryPolicy,
        pace: Pace,
        close: Callable[[], None],
    ) -> None:
        self._batcher = batcher
        self._around = around
        self._retry = retry
        self._pace = pace
        self._close = close
        self._members: list[Member] = []
        self._full = asyncio.Event()
        self._lost = 0
        self._calling_off = False
        self._task = asyncio.create_task(self._run())

    def join(self, question: Question, until: float, watch: Watch) -> Member:
        """Add a question; the last that fits ends the collecting."""
        member = Member(question, until, watch)
        self._members.append(member)
        if len(self._members) >= self._pace.questions_max:
            self._closed()
        return member

    async def left(self) -> None:
        """An asker has gone; the last one calls the batch off."""
        if not self._waiting():
            self._closed()  # a task that never began can't do it
            if not self._ending():
                self._task.cancel()
            await asyncio.wait({self._task})

    def _ending(self) -> bool:
        """Whether a further cancellation would break off the calling off: several askers may leave at once, and a batch
        may have seen by itself that nobody waits.
        """
        return self._calling_off or bool(self._task.cancelling())

    async def _run(self) -> None:
        failure: ProviderError = BatchFailedError("unavailable", "the batch broke off", may_cost=True)
        try:
            await self._collect()
            await self._through()
        except ProviderError as error:
            failure = error
        finally:
            self._closed()
            for member in self._members:
                member.fail(failure)

    async def _collect(self) -> None:
        """Until the window ends or the batch is full."""
        ends = [
            asyncio.ensure_future(one) for one in (self._around.sleep(self._pace.window_s), self._full.wait())
        ]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in ends:
                one.cancel()

    def _closed(self) -> None:
        if not self._full.is_set():
            self._full.set()
            self._close()

    async def _through(self) -> None:
        self._closed()
        self._members = self._waiting()
        questions = [member.question for member in self._members]
        if not questions:
            return
        ticket = await self._submitted(questions)
        ended = False
        try:
            outcomes = await self._outcomes(ticket, questions)
            ended = outcomes is not None
        finally:
            if not ended:
                self._calling_off = True
                await call_off(self._batcher, ticket)
        for member, outcome in zip(self._members, outcomes or (), strict=False):
            if isinstance(outcome, ProviderError):
                member.fail(outcome)
            elif not member.answer.done():
                member.answer.set_result(outcome)

    async def _submitted(self, questions: Sequence[Question]) -> str:
        """The ticket. What may have arrived is not sent again: it would be paid twice."""
        for member in self._members:
            member.watch.sent()
        number = 1
        while True:
            try:
                return await hand_in(self._batcher, questions)
            except ProviderError as error:
                wait_s = None if error.may_cost else self._retry.wait_s(error, number, self._around.jitter)
                if wait_s is None or not self._worth(wait_s):
                    raise BatchFailedError(error.kind, str(error), may_cost=error.may_cost) from None
            await self._around.sleep(wait_s)
            number += 1

    async def _outcomes(
        self, ticket: str, questions: Sequence[Question]
    ) -> Sequence[Answer | ProviderError] | None:
        """Look, with growing pauses, until all is answered; None when nobody waits any more."""
        pause_s = self._pace.poll_first_s
        while waiting := self._waiting():
            left_s = min(member.until for member in waiting) - self._around.monotonic()
            await self._around.sleep(max(0.0, min(pause_s, left_s)))
            outcomes = await self._look(ticket, questions)
            if outcomes is not None:
                return outcomes
            self._end_late()
            for member in self._waiting():
                await member.watch.keep()
            pause_s = min(self._pace.poll_max_s, pause_s * self._pace.poll_growth)
        return None

    async def _look(
        self, ticket: str, questions: Sequence[Question]
    ) -> Sequence[Answer | ProviderError] | None:
        """One look; a few may fail."""
        try:
            outcomes = await self._batcher.poll(ticket, questions)
        except ProviderError as error:
            self._lost += 1
            if error.retryable and self._lost <= self._pace.lost_max:
                return None
            raise BatchFailedError(error.kind, f"the batch was lost: {error}", may_cost=True) from None
        self._lost = 0
        return outcomes

    def _end_late(self) -> None:
        now = self._around.monotonic()
        for member in self._waiting():
            if member.until <= now:
                member.fail(BatchFailedError("timeout", "the batch took too long", may_cost=True))

    def _waiting(self) -> list[Member]:
        return [member for member in self._members if not member.answer.done()]

    def _worth(self, wait_s: float) -> bool:
        now = self._around.monotonic()
        return any(member.until > now + wait_s for member in self._waiting())
