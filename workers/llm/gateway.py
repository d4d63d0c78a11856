"""The one door to any model: route → limiter → provider → parse, one repair → settle → record."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from workers.domain.task import Completion, ModelError, Task
from workers.domain.usage import Call, Usage
from workers.llm.parsing import Unusable, parse
from workers.llm.provider import Answer, ProviderError, Question, Turn
from workers.llm.retry import RetryPolicy
from workers.llm.router import Endpoint, Route, route
from workers.telemetry import waiting

T = TypeVar("T", bound=BaseModel)

REPAIRS_MAX = 1
REPEATED_MAX_CHARS = 8_000  # of a bad answer shown to the model again


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the gateway; a task's `timeout_s` bounds the whole call besides."""

    attempt_timeout_s: float = 120.0
    concurrency: int = 4


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Time, waiting and chance, as the gateway sees them. `jitter` returns a number in [0, 1)."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random


@dataclass(slots=True)
class _Run:
    """One `complete` under way: its chosen route, its end, and every attempt so far."""

    stage: str
    route: Route
    deadline: float
    calls: list[Call] = field(default_factory=list)

    def usage(self) -> Usage:
        return sum((call.usage for call in self.calls), Usage())

    def failed(self, kind: str, message: str) -> ModelError:
        return ModelError(kind, message, calls=tuple(self.calls))


class Gateway:
    """Answers tasks through one endpoint; implements `workers.domain.task.Models`.

    `record` is told of every attempt, failed ones too: they may cost as well.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        record: Callable[[Call], None],
        *,
        limits: Limits,
        retry: RetryPolicy,
        surroundings: Surroundings,
    ) -> None:
        self._endpoint = endpoint
        self._record = record
        self._limits = limits
        self._retry = retry
        self._around = surroundings
        self._slots = asyncio.Semaphore(limits.concurrency)

    def window_tokens(self) -> int:
        """The context window of the endpoint's model, in tokens."""
        return self._endpoint.window_tokens

    async def complete(self, task: Task[T]) -> Completion[T]:
        """Answer `task` within its `timeout_s`, waiting and repair included, or raise ModelError."""
        chosen = route(task.kind, self._endpoint)
        run = _Run(task.kind, chosen, self._around.monotonic() + task.timeout_s)
        turns: tuple[Turn, ...] = (Turn("user", _opening(task)),)
        problem = ""
        for _ in range(1 + REPAIRS_MAX):
            answer, seconds = await self._ask(task, turns, run)
            verdict = _judge(answer, task)
            self._settle(run, _outcome(verdict), self._used(run, answer, seconds))
            if not isinstance(verdict, Unusable):
                return Completion(verdict, run.usage(), chosen.endpoint.model, chosen.reason)
            problem = verdict.problem
            turns = (
                *turns,
                Turn("assistant", answer.text[:REPEATED_MAX_CHARS]),
                Turn("user", _repair(problem)),
            )
        raise run.failed("invalid answer", f"{chosen.endpoint.model} gave no usable answer twice: {problem}")

    async def _ask(self, task: Task[T], turns: tuple[Turn, ...], run: _Run) -> tuple[Answer, float]:
        """An answer and the seconds it took; failed attempts are settled and retried by the policy."""
        attempt = 1
        while True:
            started = self._around.monotonic()
            try:
                answer = await self._attempt(task, turns, run)
            except ProviderError as error:
                seconds = self._around.monotonic() - started
                cost = None if error.may_cost else 0
                self._settle(run, error.kind, Usage(calls=1, cost_micros=cost, seconds=seconds))
                await self._wait(error, attempt, run)
                attempt += 1
            else:
                return answer, self._around.monotonic() - started

    async def _attempt(self, task: Task[T], turns: tuple[Turn, ...], run: _Run) -> Answer:
        """One request, in a slot of the limiter, ended by the attempt's or the call's time, whichever is first."""
        try:
            async with asyncio.timeout(max(0.0, run.deadline - self._around.monotonic())):
                await self._slots.acquire()
        except TimeoutError:
            raise ProviderError(
                "timeout", f"no free slot within the {task.timeout_s:g} s of the call"
            ) from None
        try:
            timeout_s = min(self._limits.attempt_timeout_s, max(0.0, run.deadline - self._around.monotonic()))
            async with asyncio.timeout(timeout_s):
                with waiting("model"):
                    return await run.route.endpoint.provider.ask(_question(task, turns, timeout_s))
        except TimeoutError:
            message = f"{run.route.endpoint.model} did not answer within {timeout_s:.4g} s"
            raise ProviderError("timeout", message, retryable=True, may_cost=True) from None
        finally:
            self._slots.release()

    async def _wait(self, error: ProviderError, attempt: int, run: _Run) -> None:
        """Wait before the next attempt, or raise ModelError when there is to be none."""
        wait_s = self._retry.wait_s(error, attempt, self._around.jitter)
        left_s = run.deadline - self._around.monotonic()
        if wait_s is None:
            raise run.failed(error.kind, str(error)) from None
        if wait_s >= left_s:
            raise run.failed(
                error.kind, f"{error}; the next try is due in {wait_s:.3g} s, the call ends before"
            )
        await self._around.sleep(wait_s)

    def _used(self, run: _Run, answer: Answer, seconds: float) -> Usage:
        cost = run.route.endpoint.price(answer)
        return Usage(1, answer.input_tokens, answer.cached_tokens, answer.output_tokens, cost, seconds)

    def _settle(self, run: _Run, outcome: str, usage: Usage) -> None:
        call = Call(run.stage, run.route.endpoint.model, outcome, usage)
        run.calls.append(call)
        self._record(call)


def _opening(task: Task[T]) -> str:
    """The shared prefix first: providers cache by common beginnings."""
    return f"{task.prefix}\n\n{task.prompt}" if task.prefix else task.prompt


def _question(task: Task[T], turns: tuple[Turn, ...], timeout_s: float) -> Question:
    return Question(
        system=task.system,
        turns=turns,
        schema=task.schema.model_json_schema(),
        schema_name=task.schema.__name__,
        output_max_tokens=task.output_max_tokens,
        timeout_s=timeout_s,
    )


def _judge(answer: Answer, task: Task[T]) -> T | Unusable:
    value = parse(answer.text, task.schema)
    if isinstance(value, Unusable):
        if answer.truncated:
            return Unusable(
                f"the answer was cut off at {task.output_max_tokens} tokens: say less, more briefly"
            )
        return value
    problem = task.check(value) if task.check is not None else None
    return value if problem is None else Unusable(problem)


def _outcome(verdict: object) -> str:
    return "invalid answer" if isinstance(verdict, Unusable) else "ok"


def _repair(problem: str) -> str:
    return (
        f"That answer cannot be used: {problem}. Answer once more, with nothing but one complete JSON object."
    )
