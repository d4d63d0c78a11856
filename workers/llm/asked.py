"""One question to one model, and the row that tells what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal

from workers.domain.usage import Call, Usage
from workers.llm.endpoint import Endpoint
from workers.llm.pricing import WHOLE
from workers.llm.provider import Question


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


def call_of(asked: Asked, outcome: str, usage: Usage, worst: int | None, premium: Endpoint | None) -> Call:
    """The row; `worst` micro-dollars were put aside, `premium` is the strongest model."""
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
