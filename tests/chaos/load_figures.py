"""What a load came to, pure: how memory grows, and what answers took in the first and in the last third."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Point = tuple[float, float]
"""Seconds since the start, and a value."""

WARM_UP_SHARE = 1 / 3
MEMORY_MIN_MINUTES = 3.0
"""A process that just began still loads; in less time its slope says nothing."""
GROWTH_MAX_MB_MIN = 1.0
WINDOW_S = 2.5


@dataclass(frozen=True, slots=True)
class Sent:
    """What the sender says; `pulse_ms` is what a piece of work took the machine meanwhile, `due` what was to be sent."""

    statuses: Mapping[str, int]
    latencies_ms: Sequence[Point]
    pulse_ms: Sequence[Point] = ()
    due: float = 0.0

    @property
    def count(self) -> int:
        """Requests that were answered."""
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True)
class Judged:
    """A promise and what was measured; `holds` is None where it can't be judged, and `why` says why.

    Without a `why` it is no promise at all, but told.
    """

    name: str
    says: str
    holds: bool | None
    why: str = ""


def taken_per_pulse(sent: Sent, seconds: float) -> list[float]:
    """Answers in the time of one pulse, for each whole second."""
    counts = Counter(int(due_s) for due_s, _ in sent.latencies_ms)
    pulses = windows(sent.pulse_ms, 50, 1.0)
    return [counts[at] * pulses.get(at, 0.0) / 1000 for at in range(int(seconds))]


def slope_per_min(points: Sequence[Point]) -> float:
    """By least squares, a minute; 0 for fewer than two moments."""
    if len({at for at, _ in points}) < 2:
        return 0.0
    mean_at = sum(at for at, _ in points) / len(points)
    mean = sum(value for _, value in points) / len(points)
    above = sum((at - mean_at) * (value - mean) for at, value in points)
    return 60 * above / sum((at - mean_at) ** 2 for at, _ in points)


def first_and_last(latencies_ms: Iterable[Point], seconds: float, percent: int) -> tuple[float, float]:
    """Of the first and the last third of the time, the median of what each window says of `percent`.

    Points are of when a request was due. One hiccup is one window: it decides nothing, as it would in a percentile
    of the whole third; a receiver that gets slower is slower in most windows.
    """
    said = list(windows(latencies_ms, percent).values())
    first, last = thirds(said, seconds)
    return (median(first), median(last)) if said else (0.0, 0.0)


def windows(points_ms: Iterable[Point], percent: int, seconds: float = WINDOW_S) -> dict[int, float]:
    """What each window of `seconds` says of `percent`, in milliseconds by the window's number."""
    windows: dict[int, list[float]] = {}
    for at_s, taken_ms in points_ms:
        windows.setdefault(int(at_s / seconds), []).append(taken_ms)
    return {at: _quantile(values, percent) for at, values in sorted(windows.items())}


def thirds(said: Sequence[float], seconds: float) -> tuple[Sequence[float], Sequence[float]]:
    """The first and the last windows of so many seconds."""
    share = max(1, int(seconds / WINDOW_S / 3))
    return said[:share], said[-share:]


def on_memory(name: str, points: Sequence[Point], minutes: float) -> Judged:
    """Whether what a process holds grows, after it has warmed up."""
    settled = [point for point in points if point[0] >= minutes * 60 * WARM_UP_SHARE]
    slope = slope_per_min(settled)
    said = f"{settled[0][1]:.1f} → {settled[-1][1]:.1f} MB, {slope:+.2f} MB/min"
    short = minutes < MEMORY_MIN_MINUTES
    holds, why = slope <= GROWTH_MAX_MB_MIN, f"less than {MEMORY_MIN_MINUTES:g} minutes say nothing"
    name = f"memory of the {name} grows by <= {GROWTH_MAX_MB_MIN:g} MB/min"
    return Judged(name, said, None if short else holds, why if short else "")


def _quantile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
