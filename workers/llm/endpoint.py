"""A model that can be asked: how, at what price, by whose key; and the time that passes meanwhile."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal

from config.catalogue import ModelSpec, ProviderSpec
from workers.domain.usage import Usage
from workers.llm.pricing import WHOLE, PriceTag
from workers.llm.provider import Batcher, Provider

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
