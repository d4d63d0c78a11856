"""What tokens cost, in whole micro-dollars; an unknown price stays unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from workers.llm.provider import Answer

Price = Callable[[Answer], int | None]
"""Answer → micro-dollars, or None when nobody knows the price."""

MICROS = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class OperatorPrice:
    """The operator's own price, US dollars per million tokens. Cached input costs like other input."""

    input_usd_per_million: float
    output_usd_per_million: float

    def __call__(self, answer: Answer) -> int:
        """Micro-dollars of `answer`; a dollar per million tokens is a micro-dollar per token."""
        total = (
            Decimal(str(self.input_usd_per_million)) * answer.input_tokens
            + Decimal(str(self.output_usd_per_million)) * answer.output_tokens
        )
        return _whole(total)


@dataclass(frozen=True, slots=True)
class ListPrice:
    """The price of `model` at the host of `base_url`, from genai-prices' offline list.

    A host that the list doesn't know has no known price: a model of the same name elsewhere may cost anything.
    """

    model: str
    base_url: str

    def __call__(self, answer: Answer) -> int | None:
        """Micro-dollars of `answer`, or None when the list lacks the host or the model."""
        from genai_prices import Usage, calc_price  # 0.4 s to import: only workers that call models pay it

        usage = Usage(
            input_tokens=answer.input_tokens,
            cache_read_tokens=answer.cached_tokens,
            output_tokens=answer.output_tokens,
        )
        try:
            price = calc_price(usage, self.model, provider_api_url=self.base_url)
        except LookupError:
            return None
        return _whole(Decimal(price.total_price) * MICROS)


def price_for(
    model: str, base_url: str, input_usd_per_million: float | None, output_usd_per_million: float | None
) -> Price:
    """The operator's price when both halves are stated, else the list's."""
    if input_usd_per_million is None or output_usd_per_million is None:
        return ListPrice(model, base_url)
    return OperatorPrice(input_usd_per_million, output_usd_per_million)


def _whole(micros: Decimal) -> int:
    return int(micros.to_integral_value(ROUND_HALF_EVEN))
