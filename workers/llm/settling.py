"""The books of one attempt: money put aside before, a row and the true cost after, whatever happens between."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

import structlog

from config.catalogue import ModelSpec, ProviderSpec
from workers.domain.budget import BudgetAwayError, Limit, Refusal, Reservation, Spender
from workers.domain.usage import Call, Usage
from workers.llm.ports import Budget, Limiter, Permit
from workers.llm.pricing import WHOLE, PriceTag
from workers.llm.provider import Answer, Batcher, Provider, ProviderError, Question

log = structlog.get_logger()

T = TypeVar("T")

SETTLE_TIMEOUT_S = 5.0
MISCOUNTED_MAX = 4
"""As often our count of tokens (three bytes each) fits into the truth at most, roles and separators included."""
TYPICAL_OUTPUT_SHARE = 4  # an answer takes about a quarter of what it may


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Time, waiting and chance, as the gateway sees them. `jitter` returns a number in [0, 1)."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model that can be asked. `bucket` names the provider's key for the rate limiter; it holds nothing of it.

    `batcher` asks the same model by batches; None: its provider takes none.
    """

    spec: ModelSpec
    provider: ProviderSpec
    client: Provider
    price: PriceTag | None
    bucket: str
    batcher: Batcher | None = None

    def worst_micros(self, input_tokens: int, output_max_tokens: int, factor: Decimal = WHOLE) -> int | None:
        """The most that a call can cost, None when nobody knows."""
        return None if self.price is None else self.price.worst_case(input_tokens, output_max_tokens, factor)

    def typical_micros(self, input_tokens: int, output_max_tokens: int) -> int | None:
        """What a call costs as a rule, None when nobody knows."""
        if self.price is None:
            return None
        return self.price.cost(input_tokens, 0, 0, max(1, output_max_tokens // TYPICAL_OUTPUT_SHARE))

    def cost_micros(self, usage: Usage, factor: Decimal = WHOLE) -> int | None:
        """What these tokens cost here."""
        if self.price is None:
            return None
        return self.price.cost(
            usage.input_tokens, usage.cached_tokens, usage.written_tokens, usage.output_tokens, factor
        )


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


async def nothing() -> None:
    """Nothing is to be done."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what is to be made of its answer: `deadline` is monotonic seconds.

    `urgent`: somebody waits. `factor` is what it costs, of the price.
    """

    endpoint: Endpoint
    kind: str
    reason: str
    question: Callable[[float], Question]
    input_tokens: int
    output_max_tokens: int
    deadline: float
    expected_micros: int | None = None
    calls: list[Call] = field(default_factory=list)
    """Every attempt is added here too."""
    urgent: bool = True
    factor: Decimal = WHOLE
    good: Callable[[], Awaitable[None]] = nothing
    """What is done with a usable answer, while its books are closed."""


@dataclass(frozen=True, slots=True)
class Books:
    """Money and rate, in the name of one run."""

    purse: Purse
    budget: Budget
    limiter: Limiter
    around: Surroundings

    async def open(self, asked: Asked) -> Attempt:
        """Put the worst case aside. Raises OverBudgetError, BudgetAwayError."""
        worst = asked.endpoint.worst_micros(asked.input_tokens, asked.output_max_tokens, asked.factor)
        reserving = self.budget.reserve(self.purse.spender, self.purse.limits, worst or 0)
        found = await held(reserving, self._refund)
        if isinstance(found, Refusal):
            raise OverBudgetError(found)
        return Attempt(self, asked, found, worst, self.around.monotonic())

    async def enter(self, asked: Asked) -> tuple[Attempt, asyncio.Task[Permit | float]]:
        """`open` and `permit`, begun together: they may share a trip. Who may not spend keeps no slot from others."""
        leave = asyncio.ensure_future(self.permit(asked))
        return await self._or_forgo(self.open(asked), leave), leave

    async def granted(self, leave: asyncio.Task[Permit | float]) -> Permit | float:
        """What `enter` has begun to ask for."""
        return await self._or_forgo(leave, leave)

    async def permit(self, asked: Asked) -> Permit | float:
        """Leave to send, or the seconds to wait before asking again."""
        endpoint, tokens = asked.endpoint, asked.input_tokens + asked.output_max_tokens
        taking = self.limiter.take(endpoint.bucket, endpoint.provider.limits, tokens)
        return await held(taking, self._give_back)

    async def _refund(self, found: Reservation | Refusal) -> None:
        if isinstance(found, Reservation):
            with contextlib.suppress(BudgetAwayError):  # its lease ends by itself
                await self.budget.refund(found)

    async def _or_forgo(self, wanted: Awaitable[T], leave: asyncio.Task[Permit | float]) -> T:
        """What is wanted; should that fail, whoever asked for leave doesn't use it."""
        async with AsyncExitStack() as undoing:
            undoing.push_async_callback(self._forgo, leave)
            found = await wanted
            undoing.pop_all()
        return found

    async def _forgo(self, leave: asyncio.Task[Permit | float]) -> None:
        leave.cancel()  # under way, it is given back by itself
        await asyncio.wait({leave})
        if not leave.cancelled() and leave.exception() is None:
            await self._give_back(leave.result())

    async def _give_back(self, found: Permit | float) -> None:
        if isinstance(found, Permit):
            await self.limiter.unused(found)


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
        try:
            if used.calls:
                await self._write(outcome, used)
        finally:  # also when the row could not be written
            # At once: they may share a trip.
            await asyncio.gather(self._settle(used), self._release(tokens), beside())

    async def _write(self, outcome: str, used: Usage) -> None:
        call = _call(self.asked, outcome, used, self.worst, self.books.purse.premium)
        self.asked.calls.append(call)
        await self.books.purse.record(call)

    async def _release(self, tokens: int) -> None:
        if self.permit is not None:
            await self.books.limiter.done(self.permit, tokens)

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


def _call(asked: Asked, outcome: str, usage: Usage, worst: int | None, premium: Endpoint | None) -> Call:
    return Call(
        asked.kind,
        asked.endpoint.spec.name,
        outcome,
        usage,
        provider=asked.endpoint.provider.name,
        reason=asked.reason,
        estimated_micros=worst,
        expected_micros=0
        if asked.calls
        else asked.expected_micros,  # a question is thought to take one attempt
        premium_micros=_premium_micros(asked, usage, premium),
        premium_model=premium.spec.name if premium is not None else "",
    )


def _premium_micros(asked: Asked, usage: Usage, premium: Endpoint | None) -> int | None:
    """The strongest model would have had a batch too, if it takes any."""
    if premium is None:
        return None
    return premium.cost_micros(usage, asked.factor if premium.batcher is not None else WHOLE)


async def held(taking: Awaitable[T], give_back: Callable[[T], Awaitable[None]]) -> T:
    """What `taking` brings; whoever is cancelled meanwhile gives it back, for nobody else knows of it."""
    task = asyncio.ensure_future(taking)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=SETTLE_TIMEOUT_S)
        if task.done() and not task.cancelled() and task.exception() is None:
            await give_back(task.result())
        raise


async def closing(settling: Awaitable[None]) -> None:
    """Let books be closed although the caller is being cancelled, for a short time at most."""
    task = asyncio.ensure_future(settling)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=SETTLE_TIMEOUT_S)
        raise
