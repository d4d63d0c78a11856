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
    """One outcome of a model at a kind of task; None: not measured. `quality` and `success` are 0 to 1."""

    model: str
    kind: str
    quality: float | None = None
    seconds: float | None = None
    micros: float | None = None
    success: float | None = None


Profiles = Mapping[tuple[str, str, str], Moments]
"""(model, kind of task, measure) → what is known."""
