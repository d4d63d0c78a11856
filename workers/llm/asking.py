"""One question to one model, in the name of one run: reserve → limiter → provider → record → settle, and retry."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from workers.llm.line import Refused
from workers.llm.parsing import Unusable
from workers.llm.ports import Health, Permit
from workers.llm.provider import Answer, ProviderError
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Asked, Attempt, Books, Endpoint
from workers.telemetry import waiting

V = TypeVar("V")

LIMITER_WAIT_MAX_S = 1.0  # between two looks: others may give up their place


class NotSentError(ProviderError):
    """The call's time was over before anything was sent: that says nothing of the model."""


class NoSlotError(NotSentError):
    """Our own limits gave no leave to send in time."""

    def __init__(self, model: str) -> None:
        super().__init__("timeout", f"{model} has no free slot within the time of the call")


class Asks(Protocol):
    """How the gateway asks the endpoint that it has chosen."""

    async def ask(self, asked: Asked, judge: Callable[[Answer], V | Unusable]) -> tuple[Answer, V | Unusable]:
        """An answer and what it is worth. Raises ProviderError after the last try, OverBudgetError, BudgetAwayError."""
        ...


class Asking:
    """Asks one endpoint until it answers or is not worth another try."""

    def __init__(self, books: Books, health: Health, *, attempt_timeout_s: float, retry: RetryPolicy) -> None:
        self._books = books
        self._health = health
        self._attempt_timeout_s = attempt_timeout_s
        self._retry = retry

    async def ask(self, asked: Asked, judge: Callable[[Answer], V | Unusable]) -> tuple[Answer, V | Unusable]:
        """An answer and what it is worth. Raises ProviderError after the last try, OverBudgetError, BudgetAwayError."""
        if self._left_s(asked) <= 0:
            raise NotSentError(
                "timeout", f"{asked.endpoint.spec.name} was not asked: the call's time was over"
            )
        number = 1
        while True:
            try:
                return await self._attempt(asked, judge)
            except ProviderError as error:
                await self._tell(asked.endpoint, error)
                await self._wait(error, number, asked)
                number += 1

    async def _attempt(
        self, asked: Asked, judge: Callable[[Answer], V | Unusable]
    ) -> tuple[Answer, V | Unusable]:
        attempt, leave = await self._books.enter(asked)
        try:
            return await self._worked(attempt, leave, judge)
        except ProviderError as error:
            await attempt.failed(error)
            raise
        except asyncio.CancelledError:
            await attempt.cancelled()
            raise
        finally:
            await attempt.left()

    async def _worked(
        self, attempt: Attempt, leave: asyncio.Task[Permit | Refused], judge: Callable[[Answer], V | Unusable]
    ) -> tuple[Answer, V | Unusable]:
        await self._permit(attempt, leave)
        answer = await self._send(attempt.asked)
        verdict = judge(answer)
        await attempt.answered(answer, usable=not isinstance(verdict, Unusable))
        await self._health.succeeded(attempt.asked.endpoint.spec.name, attempt.seconds())
        return answer, verdict

    async def _permit(self, attempt: Attempt, leave: asyncio.Task[Permit | Refused]) -> None:
        """Wait for leave to send, as long as the call may take."""
        asked, found, again = attempt.asked, await self._books.granted(leave), False
        while not isinstance(found, Permit):
            if found.seconds >= self._left_s(asked):
                raise NoSlotError(asked.endpoint.spec.name)
            with waiting("limiter"):
                ours = await self._look_again(asked.endpoint.bucket, found, again=again)
            found, again = await self._books.permit(asked), True
            if isinstance(found, Permit) and not ours:
                self._books.line.perhaps(asked.endpoint.bucket)
        attempt.permit = found

    async def _look_again(self, bucket: str, refused: Refused, *, again: bool) -> bool:
        """Wait until it is worth asking again; whether for a place that this run has freed."""
        books = self._books
        if refused.seconds < LIMITER_WAIT_MAX_S:
            return await books.line.wait(bucket, refused, books.around.sleep, again=again)
        # The minute's allowance is used up: a free place is of no use.
        await books.around.sleep(LIMITER_WAIT_MAX_S)
        return False

    async def _send(self, asked: Asked) -> Answer:
        """One request, ended by the attempt's or the call's time, whichever is first."""
        timeout_s = min(self._attempt_timeout_s, max(0.0, self._left_s(asked)))
        try:
            async with asyncio.timeout(timeout_s):
                with waiting("model"):
                    return await asked.endpoint.client.ask(asked.question(timeout_s))
        except TimeoutError:
            message = f"{asked.endpoint.spec.name} did not answer within {timeout_s:.4g} s"
            raise ProviderError("timeout", message, retryable=True, may_cost=True) from None

    async def _tell(self, endpoint: Endpoint, error: ProviderError) -> None:
        if isinstance(error, NotSentError):
            return
        if error.kind == "rate limited" and error.retry_after_s:
            await self._books.limiter.pause(endpoint.bucket, error.retry_after_s)
        else:
            await self._health.failed(endpoint.spec.name, error.kind)

    async def _wait(self, error: ProviderError, number: int, asked: Asked) -> None:
        """Wait before the next attempt, or raise when there is to be none."""
        wait_s = self._retry.wait_s(error, number, self._books.around.jitter)
        if wait_s is None:
            raise error
        if wait_s >= self._left_s(asked):
            message = f"{error}; the next try is due in {wait_s:.3g} s, the call ends before"
            raise ProviderError(error.kind, message) from None
        await self._books.around.sleep(wait_s)

    def _left_s(self, asked: Asked) -> float:
        return asked.deadline - self._books.around.monotonic()
