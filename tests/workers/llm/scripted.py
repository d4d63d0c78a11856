"""A provider that follows a script, and time that passes only when somebody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from workers.domain.usage import Call
from workers.llm.gateway import Gateway, Limits, Surroundings
from workers.llm.prices import OperatorPrice, Price
from workers.llm.provider import Answer, ProviderError, Question
from workers.llm.retry import RetryPolicy
from workers.llm.router import Endpoint

PRICE = OperatorPrice(1.0, 2.0)
LIMITS = Limits()

Step = Answer | ProviderError | Callable[[Question], Awaitable[Answer]]


def said(text: str, *, truncated: bool = False) -> Answer:
    return Answer(text, input_tokens=100, cached_tokens=40, output_tokens=10, truncated=truncated)


@dataclass
class ScriptedProvider:
    """Answers with its steps, one a question; keeps the questions and the most that were under way at once."""

    steps: list[Step]
    questions: list[Question] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: int = 0
    most_at_once: int = 0

    async def ask(self, question: Question) -> Answer:
        self.questions.append(question)
        self.asked.set()
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            return await self._step(question)
        finally:
            self.under_way -= 1

    async def _step(self, question: Question) -> Answer:
        step = self.steps.pop(0)
        if isinstance(step, ProviderError):
            raise step
        if isinstance(step, Answer):
            return step
        return await step(question)


async def silence(question: Question) -> Answer:
    await asyncio.sleep(500)
    raise AssertionError("nobody waited for this")


@dataclass
class SettableTime:
    now_s: float = 0.0
    waits: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now_s += seconds

    def surroundings(self) -> Surroundings:
        return Surroundings(self.monotonic, self.sleep, lambda: 0.5)


def gateway(
    provider: ScriptedProvider,
    *,
    record: Callable[[Call], None] = lambda call: None,
    time: SettableTime | None = None,
    price: Price = PRICE,
    limits: Limits = LIMITS,
) -> Gateway:
    surroundings = (time or SettableTime()).surroundings()
    endpoint = Endpoint("model-a", provider, price, window_tokens=32_000)
    return Gateway(endpoint, record, limits=limits, retry=RetryPolicy(), surroundings=surroundings)
