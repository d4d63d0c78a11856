"""The books of one attempt: money put aside before, a row and the true cost after, whatever happens between."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import structlog

from workers.domain.budget import BudgetAwayError, Limit, Refusal, Reservation, Spender
from workers.domain.usage import Call, Usage
from workers.llm.asked import Asked, call_of, nothing
from workers.llm.endpoint import Endpoint, Surroundings
from workers.llm.line import Line, Once, Refused
from workers.llm.ports import Budget, Limiter, Permit
from workers.llm.provider import Answer, ProviderError
from workers.llm.undisturbed import closing, held

__all__ = [
    "Asked",
    "Attempt",
    "Books",
    "Endpoint",
    "OverBudgetError",
    "Purse",
    "Surroundings",
    "closing",
    "held",
    "refusal",
]

log = structlog.get_logger()

T = TypeVar("T")

MISCOUNTED_MAX = 4
"""As often our count of tokens (three bytes each) fits into the truth at most, roles and separators included."""


@dataclass(frozen=True, slots=True)
class Purse:
    """In whose name a run spends, under which limits, and where its rows go.

    `record` keeps a call; it has returned when the row is there. `premium` is the strongest configured model.
    """

    spender: Spender
    limits: tuple[Limit, ...]
    record: Callable[[Call], Awaitable[None]]
    premium: Endpoint | None = None


class OverBudgetError(Exception):
    """The call was not made: a budget has not enough left for its worst case."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Books:
    """Money and rate, in the name of one run."""

    purse: Purse
    budget: Budget
    limiter: Limiter
    around: Surroundings
    line: Line = field(default_factory=Line)

    async def open(self, asked: Asked) -> Attempt:
        """Put the worst case aside. Raises OverBudgetError, BudgetAwayError."""
        worst = asked.endpoint.worst_micros(asked.input_tokens, asked.output_max_tokens, asked.factor)
        reserving = self.budget.reserve(self.purse.spender, self.purse.limits, worst or 0)
        found = await held(reserving, partial(refunded, self.budget))
        if isinstance(found, Refusal):
            raise OverBudgetError(found)
        return Attempt(self, asked, found, worst, self.around.monotonic())

    async def enter(self, asked: Asked) -> tuple[Attempt, asyncio.Task[Permit | Refused]]:
        """`open` and `permit`, begun together: they may share a trip. Who may not spend keeps no slot from others."""
        leave, attempt = asyncio.ensure_future(self._first_look(asked)), None
        try:
            attempt = await self.open(asked)
        finally:
            if attempt is None:
                await self._forgo(leave)
        return attempt, leave

    async def granted(self, leave: asyncio.Task[Permit | Refused]) -> Permit | Refused:
        """What `enter` has begun to ask for."""
        return await held(leave, self._give_back)

    async def permit(self, asked: Asked) -> Permit | Refused:
        """Leave to send, or how long to wait before asking again."""
        return await held(self._take(asked), self._give_back)

    async def _first_look(self, asked: Asked) -> Permit | Refused:
        """Nobody overtakes those who wait already, or asks what they have just been told."""
        bucket = asked.endpoint.bucket
        return Refused(0.0, self.line.unseen(bucket)) if self.line.has(bucket) else await self._take(asked)

    async def _take(self, asked: Asked) -> Permit | Refused:
        endpoint, tokens = asked.endpoint, asked.input_tokens + asked.output_max_tokens
        since = self.line.unseen(endpoint.bucket)
        found = await self.limiter.take(endpoint.bucket, endpoint.provider.limits, tokens)
        return found if isinstance(found, Permit) else Refused(found, since)

    async def _forgo(self, leave: asyncio.Task[Permit | Refused]) -> None:
        await self._give_back(await self.granted(leave))

    async def _give_back(self, found: Permit | Refused) -> None:
        if isinstance(found, Permit):
            await self.limiter.unused(found)
            self.line.freed(found.bucket)


async def refusal(budget: Budget, spender: Spender, limits: Sequence[Limit], micros: int) -> Refusal | None:
    """Which limit has less than `micros` left: they are put aside, and given back at once. Raises BudgetAwayError."""
    give_back = partial(refunded, budget)
    found = await held(budget.reserve(spender, limits, micros), give_back)
    await closing(give_back(found))
    return found if isinstance(found, Refusal) else None


async def refunded(budget: Budget, found: Reservation | Refusal) -> None:
    """Give back what was put aside, if anything was."""
    if isinstance(found, Reservation):
        with contextlib.suppress(BudgetAwayError):  # its lease ends by itself
            await budget.refund(found)


@dataclass(slots=True)
class Attempt:
    """One attempt under way. However it ends, its row is written first and its money settled then: a crash between the
    two counts too much rather than too little.
    """

    books: Books
    asked: Asked
    reservation: Reservation
    worst: int | None
    started: float
    permit: Permit | None = None
    went_out: bool = False
    closed: bool = False

    def sent(self) -> None:
        """It goes out without a permit: from here on it may be billed."""
        self.went_out = True

    async def keep(self) -> None:
        """It takes longer than money is put aside for: put it aside for as long again."""
        try:
            await self.books.budget.keep(self.reservation)
        except BudgetAwayError as error:
            log.warning("money could not be kept aside", error=str(error))

    def seconds(self) -> float:
        """Since it began."""
        return self.books.around.monotonic() - self.started

    async def answered(self, answer: Answer, *, usable: bool) -> None:
        """The model has answered."""
        used = self._counted(answer)
        used = replace(used, cost_micros=self.asked.endpoint.cost_micros(used, self.asked.factor))
        tokens = used.input_tokens + used.output_tokens
        if usable:
            await closing(self._close("ok", used, tokens, self.asked.good))
        else:
            await closing(self._close("invalid answer", used, tokens))

    def _counted(self, answer: Answer) -> Usage:
        """What the endpoint counted, as far as that can be: it reads and writes no more than its window holds, and our
        own count may be several times too low. One that lies must not use a month's budget up with one answer.
        """
        own = MISCOUNTED_MAX * (self.asked.input_tokens + self.asked.output_max_tokens)
        most = max(self.asked.endpoint.spec.context_tokens, own)
        input_tokens = min(max(0, answer.input_tokens), most)
        cached = min(max(0, answer.cached_tokens), input_tokens)
        return Usage(
            1,
            input_tokens,
            cached,
            min(max(0, answer.output_tokens), most),
            seconds=self.seconds(),
            written_tokens=min(max(0, answer.written_tokens), input_tokens - cached),
        )

    async def failed(self, error: ProviderError) -> None:
        """It came to nothing; what may have been billed all the same has an unknown cost."""
        cost = None if error.may_cost and self._is_out() else 0
        await closing(self._close(error.kind, Usage(1, cost_micros=cost, seconds=self.seconds()), 0))

    async def cancelled(self) -> None:
        """Nobody wants the answer any more; a request that was sent may be billed."""
        sent = self._is_out()
        used = Usage(int(sent), cost_micros=None if sent else 0, seconds=self.seconds())
        await closing(self._close("cancelled", used, 0))

    async def left(self) -> None:
        """Nobody works on it any more. Where a bug has ended it, its books are closed all the same."""
        if self.closed:
            return
        cost = None if self._is_out() else 0
        await closing(self._close("failed", Usage(1, cost_micros=cost, seconds=self.seconds()), 0))

    def _is_out(self) -> bool:
        return self.went_out or self.permit is not None

    async def _close(
        self, outcome: str, used: Usage, tokens: int, beside: Callable[[], Awaitable[None]] = nothing
    ) -> None:
        """Once: the first word on how it ended is the last."""
        if self.closed:
            return
        self.closed = True
        release = Once(partial(self._release, tokens))
        try:
            # Who waits has the place while the row is written.
            with self._leaving(release):
                if used.calls:
                    await self._write(outcome, used)
        finally:  # also when the row could not be written
            # At once: they may share a trip.
            await asyncio.gather(self._settle(used), release(), beside())

    def _leaving(self, release: Callable[[], object]) -> AbstractContextManager[None]:
        if self.permit is None:
            return contextlib.nullcontext()
        return self.books.line.leaving(self.permit.bucket, release)

    async def _write(self, outcome: str, used: Usage) -> None:
        call = call_of(self.asked, outcome, used, self.worst, self.books.purse.premium)
        self.asked.calls.append(call)
        await self.books.purse.record(call)

    async def _release(self, tokens: int) -> None:
        if self.permit is None:
            return
        line, bucket = self.books.line, self.permit.bucket
        ending = self.books.limiter.done(self.permit, tokens)
        if line.has(bucket):
            # Told at once, they ask on the same way, right behind: the slot stands empty for one trip less.
            sent = asyncio.ensure_future(ending)
            line.freed(bucket)
            await sent
        else:
            await ending
            line.freed(bucket)  # who was being refused meanwhile stands in line by now

    async def _settle(self, used: Usage) -> None:
        budget = self.books.budget
        # What nobody knows is taken for the worst: a budget is never exceeded by what was not told.
        spent = used.cost_micros if used.cost_micros is not None else self.worst or 0
        try:
            if spent:
                await budget.settle(self.reservation, spent)
            else:
                await budget.refund(self.reservation)
        except (
            BudgetAwayError
        ) as error:  # the row is there: it counts once the lease of what was put aside has ended
            log.warning("a call could not be settled", error=str(error))
