"""What model calls used and cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens, whole micro-dollars and seconds of one or more calls. `cost_micros is None` means *unknown*, never 0.

    `input_tokens` includes `cached_tokens` (read from the provider's cache) and `written_tokens` (written to it).
    """

    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int | None = 0
    seconds: float = 0.0
    written_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        unknown = self.cost_micros is None or other.cost_micros is None
        return Usage(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.cached_tokens + other.cached_tokens,
            self.output_tokens + other.output_tokens,
            None if unknown else (self.cost_micros or 0) + (other.cost_micros or 0),
            self.seconds + other.seconds,
            self.written_tokens + other.written_tokens,
        )


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the cost receipt: which stage asked which model, how it ended ("ok", "cached" or why not).

    `reason` is why this model was asked; `estimated_micros` what was put aside for it, its worst case, and
    `expected_micros` what it was thought to cost (None: unknown); `premium_micros` is what the same tokens cost on the
    strongest configured model.
    """

    stage: str
    model: str
    outcome: str
    usage: Usage
    provider: str = ""
    reason: str = ""
    estimated_micros: int | None = None
    expected_micros: int | None = None
    premium_micros: int | None = None
    premium_model: str = ""
