"""A provider that follows a script, and time that passes only when somebody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from config.catalogue import ModelSpec, OutputMode, PriceOverride, ProviderSpec, RateLimits, Wire
from config.repository import OrchestrationRules
from workers.domain.budget import Limit, Spender
from workers.domain.usage import Call
from workers.llm.asking import Asking
from workers.llm.gateway import Gateway
from workers.llm.local import LocalBudget, LocalHealth, LocalLimiter, LocalProfiles, NoAnswers
from workers.llm.policy import policy_of
from workers.llm.ports import Ports
from workers.llm.pricing import price_tag
from workers.llm.provider import Answer, Provider, ProviderError, Question
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Books, Endpoint, Purse, Surroundings

PRICE = PriceOverride(input=1.0, output=2.0)
SPENDER = Spender(installation_id=1, repo_id=10, run="run")

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


def endpoint(
    client: Provider,
    name: str = "model-a",
    *,
    quality: float = 7.0,
    price: PriceOverride | None = PRICE,
    concurrency: int = 4,
    context_tokens: int = 32_000,
    wire: Wire = Wire.OPENAI,
    output_mode: OutputMode = "prompted",
) -> Endpoint:
    provider = ProviderSpec(name=f"{name}-host", wire=wire, limits=RateLimits(concurrency=concurrency))
    spec = ModelSpec(
        name=name,
        provider=provider.name,
        family=name,
        quality=quality,
        context_tokens=context_tokens,
        price=price,
        output_mode=output_mode,
    )
    return Endpoint(spec, provider, client, price_tag(spec, provider), provider.name)


def local_ports(**others: object) -> Ports:
    """Ports within this process, some of them others."""
    given: dict[str, object] = {
        "budget": LocalBudget(),
        "limiter": LocalLimiter(),
        "health": LocalHealth(),
        "answers": NoAnswers(),
        "profiles": LocalProfiles(),
    }
    return Ports(**{**given, **others})  # type: ignore[arg-type]


def gateway_to(
    *endpoints: Endpoint,
    record: Callable[[Call], None] = lambda call: None,
    surroundings: Surroundings | None = None,
    ports: Ports | None = None,
    limits: tuple[Limit, ...] = (),
    rules: Mapping[str, object] | None = None,
    attempt_timeout_s: float = 120.0,
    attempts_max: int = 3,
    window_tokens: int = 32_000,
    spender: Spender = SPENDER,
    allow_unknown_prices: bool = False,
) -> Gateway:
    """A gateway to these models, with everything within this process."""
    around, ports = surroundings or Surroundings(), ports or local_ports()

    async def keep(call: Call) -> None:
        record(call)

    purse = Purse(spender, limits, keep, max(endpoints, key=lambda one: one.spec.quality))
    books = Books(purse, ports.budget, ports.limiter, around)
    asking = Asking(books, ports.health, attempt_timeout_s=attempt_timeout_s, retry=RetryPolicy(attempts_max))
    policy = policy_of(
        OrchestrationRules.model_validate(rules or {}),
        allow_unknown_prices=allow_unknown_prices,
        budgeted=bool(limits),
    )
    known = {one.spec.name: one for one in endpoints}
    return Gateway(known, policy, purse, asking, ports, around=around, window_tokens=window_tokens)


def gateway(
    provider: ScriptedProvider,
    *,
    record: Callable[[Call], None] = lambda call: None,
    time: SettableTime | None = None,
    price: PriceOverride | None = PRICE,
    attempt_timeout_s: float = 120.0,
    concurrency: int = 4,
) -> Gateway:
    """A gateway to one scripted model."""
    return gateway_to(
        endpoint(provider, price=price, concurrency=concurrency),
        record=record,
        surroundings=(time or SettableTime()).surroundings(),
        attempt_timeout_s=attempt_timeout_s,
    )
