"""What a model's tokens cost, in whole micro-dollars; a price that nobody knows stays unknown, it is never 0."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from config.catalogue import ModelSpec, PriceOverride, ProviderSpec
from workers.llm.pricing_flat import Flat, flat_of

WHOLE = Decimal(1)
BATCH = Decimal("0.5")
"""What a batch costs, of the price of the same tokens at once."""

Clock = Callable[[], float]
"""Epoch seconds."""


@dataclass(frozen=True, slots=True)
class Step:
    """`micros_per_token` holds for all tokens of a request whose input is longer than `above_tokens`."""

    above_tokens: int
    micros_per_token: Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of one kind of token: a base and dearer steps for long input, in rising order."""

    base: Decimal
    steps: tuple[Step, ...] = ()

    def at(self, input_tokens: int) -> Decimal:
        """Micro-dollars per token of a request with `input_tokens`; dollars per million are the same number."""
        price = self.base
        for step in self.steps:
            if input_tokens <= step.above_tokens:
                break
            price = step.micros_per_token
        return price

    def most(self, input_tokens: int) -> Decimal:
        """The dearest for any request of at most `input_tokens`."""
        if not self.steps:  # most models, asked for every decision
            return self.base
        reached = (one.micros_per_token for one in self.steps if input_tokens > one.above_tokens)
        return max((self.base, *reached))


@dataclass(frozen=True, slots=True)
class Rates:
    """All prices of one time. `request` is what a request costs whatever it holds, in micro-dollars."""

    input: Rate
    cached: Rate
    written: Rate
    output: Rate
    request: Decimal = Decimal(0)
    flat: Flat | None = field(init=False, repr=False, compare=False)
    """The same, where nothing depends on how long the input is."""

    def __post_init__(self) -> None:
        rates = (self.input, self.cached, self.written, self.output)
        stepped = any(rate.steps for rate in rates)
        object.__setattr__(
            self, "flat", None if stepped else flat_of(*(rate.base for rate in rates), self.request)
        )


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which `rates` hold: a date to begin with, or hours of the day."""

    rates: Rates
    active: Callable[[datetime], bool] | None = None


@dataclass(frozen=True, slots=True)
class PriceTag:
    """The prices of one model at one provider. The last window that is active now holds, as lists are written.

    `origin` says whose price it is: "catalogue", "free" or "list".
    """

    origin: str
    windows: tuple[Window, ...]
    now: Clock

    def rates(self) -> Rates:
        """What holds now."""
        if len(self.windows) == 1:
            return self.windows[0].rates
        moment = datetime.fromtimestamp(self.now(), UTC)
        for window in reversed(self.windows):
            if window.active is None or window.active(moment):
                return window.rates
        return self.windows[0].rates

    def cost(self, input_tokens: int, cached: int, written: int, output: int, factor: Decimal = WHOLE) -> int:
        """Micro-dollars of a request that was made; `input_tokens` includes `cached` and `written`.

        Never less than 0, whatever the endpoint counts: nobody earns by asking.
        """
        rates = self.rates()
        plain = max(0, input_tokens - cached - written)
        if rates.flat is not None and factor is WHOLE:
            return max(0, rates.flat.cost(plain, cached, written, output))
        total = rates.request + (
            rates.input.at(input_tokens) * plain
            + rates.cached.at(input_tokens) * cached
            + rates.written.at(input_tokens) * written
            + rates.output.at(input_tokens) * output
        )
        return max(0, int((total * factor).to_integral_value(ROUND_HALF_EVEN)))

    def worst_case(self, input_tokens: int, output_max_tokens: int, factor: Decimal = WHOLE) -> int:
        """The most micro-dollars that a request can cost now: nothing cached, all written, every token answered."""
        rates = self.rates()
        if rates.flat is not None and factor is WHOLE:
            return rates.flat.worst_case(input_tokens, output_max_tokens)
        dearest = max(
            rates.input.most(input_tokens), rates.written.most(input_tokens), rates.cached.most(input_tokens)
        )
        total = rates.request + dearest * input_tokens + rates.output.most(input_tokens) * output_max_tokens
        return int((total * factor).to_integral_value(ROUND_CEILING))


def price_tag(model: ModelSpec, provider: ProviderSpec, now: Clock = time.time) -> PriceTag | None:
    """What `model` costs at `provider`: the catalogue's word, else the list's; None when nobody knows.

    The list is found by `price_list`, else by the address. Resolve once a model and keep the tag: the first look into
    the list takes half a second, and every lookup a while.
    """
    if model.price is not None:
        return PriceTag("catalogue", (Window(_stated(model.price)),), now)
    if model.free:
        return PriceTag("free", (Window(_stated(PriceOverride(input=0, output=0))),), now)
    from workers.llm.pricing_list import listed  # 0.4 s to import: only who asks for a list's price pays it

    windows = listed(model.remote_id, provider.price_list, provider.base_url)
    return PriceTag("list", windows, now) if windows else None


def _stated(price: PriceOverride) -> Rates:
    """What is not stated of the provider's cache costs as input does."""
    plain = _rate(price.input)
    cached = plain if price.cached_input is None else _rate(price.cached_input)
    written = plain if price.cache_write is None else _rate(price.cache_write)
    return Rates(plain, cached, written, _rate(price.output))


def _rate(usd_per_million: float) -> Rate:
    return Rate(Decimal(str(usd_per_million)))
