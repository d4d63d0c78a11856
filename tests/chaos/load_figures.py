"""What a load came to, pure: how memory grows, and whether answers get slower."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
"""Seconds since the start, and a value."""


@dataclass(frozen=True, slots=True)
class Third:
    """Latencies of one third of the time."""

    p50_ms: float
    p99_ms: float


def slope_per_min(points: Sequence[Point]) -> float:
    """By least squares, a minute; 0 for fewer than two moments."""
    if len({at for at, _ in points}) < 2:
        return 0.0
    mean_at = sum(at for at, _ in points) / len(points)
    mean = sum(value for _, value in points) / len(points)
    above = sum((at - mean_at) * (value - mean) for at, value in points)
    return 60 * above / sum((at - mean_at) ** 2 for at, _ in points)


def thirds(latencies_ms: Sequence[Point], seconds: float) -> list[Third]:
    """First, second, last; points are of when a request was due."""
    parts: list[list[float]] = [[], [], []]
    for due_s, taken_ms in latencies_ms:
        parts[min(2, int(3 * due_s / seconds))].append(taken_ms)
    return [Third(_quantile(part, 50), _quantile(part, 99)) for part in parts]


def _quantile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else 0.0
