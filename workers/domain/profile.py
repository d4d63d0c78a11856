"""What models have shown: outcomes seen, and what is known of each measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moments:
    """What is known of one measure: `weight` observations (decayed), their mean and sum of squared differences."""

    weight: float
    mean: float
    m2: float


@dataclass(frozen=True, slots=True)
class Observation:
    """One outcome of a model at a kind of task; None: not measured. `quality`, `success` and `outcome` are 0 to 1.

    `outcome` is what people made of a statement of it: 1 that they fixed or accepted it, 0 that they said no.
    """

    model: str
    kind: str
    quality: float | None = None
    seconds: float | None = None
    micros: float | None = None
    success: float | None = None
    outcome: float | None = None


MEASURES = ("quality", "seconds", "micros", "success", "outcome")
Profiles = Mapping[tuple[str, str, str], Moments]
"""(model, kind of task, measure) → what is known."""

DEFAULT_DECAY = 0.1
DECAYS: Mapping[str, float] = {"quality": 0.01, "outcome": 0.01}
"""What fades otherwise. Speed and health change within a day; how good a model is at a kind of task doesn't, and with the
default only about ten outcomes would count: too few to tell models apart (`make bench NAME=routing` shows both).
"""


def decay_of(measure: str) -> float:
    """How much of what is known one more outcome takes away."""
    return DECAYS.get(measure, DEFAULT_DECAY)


def observe(known: Moments | None, value: float, decay: float = DEFAULT_DECAY) -> Moments:
    """Add one observation; each takes `decay` off the weight of those before, so a mean ends as a moving average.

    Early on it is the plain mean (Welford's, decayed): the first observation doesn't count ten times.
    """
    if known is None or known.weight <= 0:
        return Moments(1.0, value, 0.0)
    kept = (1 - decay) * known.weight
    weight = kept + 1
    mean = known.mean + (value - known.mean) / weight
    return Moments(weight, mean, (1 - decay) * known.m2 + (value - known.mean) * (value - mean))


def merge(one: Moments, other: Moments) -> Moments:
    """Both together (Chan's)."""
    weight = one.weight + other.weight
    if weight <= 0:
        return one
    apart = other.mean - one.mean
    mean = one.mean + apart * other.weight / weight
    return Moments(weight, mean, one.m2 + other.m2 + apart * apart * one.weight * other.weight / weight)
