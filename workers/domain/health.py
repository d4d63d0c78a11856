"""What is known of whether a model answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """Whether a model may be asked."""

    HEALTHY = "healthy"
    OPEN = "open"
    """Calls failed: nobody asks for a while."""
    TRIAL = "trial"
    """That while is over: one call is let through."""
    UNHEALTHY = "unhealthy"
    """A probe failed: nobody asks until some in a row succeed."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One model, for display. `reason` is a kind of failure of ours, never an endpoint's words; "" when healthy.

    `since` is in epoch seconds, 0 when nothing ever happened; `idle_s` are seconds since it was last used (None:
    never); `latency_s` is of its last answer; `good_probes` in a row of those that heal it.
    """

    model: str
    standing: Standing
    since: float = 0.0
    reason: str = ""
    latency_s: float | None = None
    idle_s: float | None = None
    good_probes: int = 0
