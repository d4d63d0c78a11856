"""What is known of whether a model answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Standing(StrEnum):
    """Whether a model may be asked."""

    HEALTHY = "healthy"
    OPEN = "open"
    """Calls failed: nobody asks for a while."""
    TRIAL = "trial"
    """That while is over: one worker tries."""
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


@dataclass(frozen=True, slots=True)
class Figures:
    """For the metrics: probes by (model, "ok" or "failed"), which models are healthy, and per bucket of the rate limiter
    how often, and for how many seconds in all, requests were told to wait.
    """

    checks: Mapping[tuple[str, str], int] = field(default_factory=dict)
    healthy: Mapping[str, bool] = field(default_factory=dict)
    waits: Mapping[str, tuple[int, float]] = field(default_factory=dict)
