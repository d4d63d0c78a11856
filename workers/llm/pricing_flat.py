"""Prices without steps in whole numbers: exact as decimals, in a third of the time. Every decision prices all models."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

PLACES_MAX = 12
"""Finer prices than this, in parts of a micro-dollar, are left to decimals."""


@dataclass(frozen=True, slots=True)
class Flat:
    """Each price is `parts` times the micro-dollars of a token or of a request."""

    parts: int
    input: int
    cached: int
    written: int
    output: int
    request: int

    def cost(self, plain: int, cached: int, written: int, output: int) -> int:
        """Micro-dollars of so many tokens of each kind, half a one to the even side."""
        total = self.request + self.input * plain + self.cached * cached + self.written * written
        whole, rest = divmod(total + self.output * output, self.parts)
        return whole + (2 * rest + whole % 2 > self.parts)

    def worst_case(self, input_tokens: int, output_max_tokens: int) -> int:
        """The most micro-dollars of so many tokens, begun ones too."""
        dearest = max(self.input, self.cached, self.written)
        return -(-(self.request + dearest * input_tokens + self.output * output_max_tokens) // self.parts)


def flat_of(*micros: Decimal) -> Flat | None:
    """The prices of input, cached, written and output tokens and of a request; None where they are too fine."""
    exponents = [one.as_tuple().exponent for one in micros]
    places = max(-one if isinstance(one, int) else PLACES_MAX + 1 for one in exponents)
    if places > PLACES_MAX:
        return None
    parts = 10 ** max(0, places)
    return Flat(parts, *(int(one * parts) for one in micros))
