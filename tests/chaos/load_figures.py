"""What a load came to, pure: how memory grows, and whether answers get slower."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

Point = tuple[float, float]
"""Seconds since the start, and a value."""

WARM_UP_SHARE = 1 / 3
MEMORY_MIN_MINUTES = 3.0
"""A process that just began still loads; in less time its slope says nothing."""
GROWTH_MAX_MB_MIN = 1.0
WINDOW_S = 5.0
SLOWER_MAX = 1.2
NOTHING_MS = 1.0
"""A difference below this is none."""
MACHINE_MAX = 1.2
"""How much slower or faster the bare server may have become before it is the machine whose speed is measured."""
KEPT_UP_MIN = 0.99
TIRED_MIN = 0.8
"""Of the limit at the beginning, the least that the limit may be in the end."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the sender says; `bare_ms` are answers of the bare server, which was asked now and then meanwhile."""

    statuses: Mapping[str, int]
    latencies_ms: Sequence[Point]
    bare_ms: Sequence[Point] = ()

    @property
    def count(self) -> int:
        """Requests that were answered."""
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True)
class Judged:
    """A promise and what was measured; `holds` is None where it can't be judged, and `why` says why."""

    name: str
    says: str
    holds: bool | None
    why: str = ""


def slope_per_min(points: Sequence[Point]) -> float:
    """By least squares, a minute; 0 for fewer than two moments."""
    if len({at for at, _ in points}) < 2:
        return 0.0
    mean_at = sum(at for at, _ in points) / len(points)
    mean = sum(value for _, value in points) / len(points)
    above = sum((at - mean_at) * (value - mean) for at, value in points)
    return 60 * above / sum((at - mean_at) ** 2 for at, _ in points)


def first_and_last(latencies_ms: Iterable[Point], seconds: float, percent: int) -> tuple[float, float]:
    """Of the first and the last third of the time, the median of what each window of 5 s says of `percent`.

    Points are of when a request was due. One hiccup is one window: it decides nothing, as it would in a percentile
    of the whole third; a receiver that gets slower is slower in most windows.
    """
    windows: dict[int, list[float]] = {}
    for due_s, taken_ms in latencies_ms:
        windows.setdefault(int(due_s / WINDOW_S), []).append(taken_ms)
    said = [_quantile(values, percent) for _, values in sorted(windows.items())]
    share = max(1, int(seconds / WINDOW_S / 3))
    return (median(said[:share]), median(said[-share:])) if said else (0.0, 0.0)


def on_memory(name: str, points: Sequence[Point], minutes: float) -> Judged:
    """Whether what a process holds grows, after it has warmed up."""
    settled = [point for point in points if point[0] >= minutes * 60 * WARM_UP_SHARE]
    slope = slope_per_min(settled)
    said = f"{settled[0][1]:.1f} → {settled[-1][1]:.1f} MB, {slope:+.2f} MB/min"
    short = minutes < MEMORY_MIN_MINUTES
    holds, why = slope <= GROWTH_MAX_MB_MIN, f"less than {MEMORY_MIN_MINUTES:g} minutes say nothing"
    name = f"memory of the {name} grows by <= {GROWTH_MAX_MB_MIN:g} MB/min"
    return Judged(name, said, None if short else holds, why if short else "")


def on_machine(sent: Sent, seconds: float) -> Judged:
    """Whether the machine stayed as fast as it was, as a bare server shows that the same sender asked meanwhile. Where
    it did not, of all that depends on time nothing is judged.
    """
    before, after = first_and_last(sent.bare_ms, seconds, 50)
    steady = before > 0 and 1 / MACHINE_MAX <= after / before <= MACHINE_MAX
    why = "" if steady else "the machine became faster or slower: nothing that depends on time is judged"
    said = f"p50 {before:.2f} → {after:.2f} ms"
    return Judged("a bare server beside it answers as fast as before", said, steady or None, why)


def on_time(machine: Judged, *verdicts: Judged) -> Iterator[Judged]:
    """What the machine says, and verdicts that count if it stayed as it was."""
    yield machine
    yield from (one if machine.holds else replace(one, holds=None, why=machine.why) for one in verdicts)


def on_latency(sent: Sent, seconds: float) -> Iterator[Judged]:
    """Flat: p50 and p99 of the last third are at most 1.2 times those of the first."""
    for percent in (50, 99):
        first, last = first_and_last(sent.latencies_ms, seconds, percent)
        flat = last <= first * SLOWER_MAX or last - first <= NOTHING_MS
        yield Judged(f"p{percent} grows by <= × {SLOWER_MAX:g}", f"{first:.1f} → {last:.1f} ms", flat)


def on_pace(sent: Sent, rate_s: float, seconds: float) -> Judged:
    """Whether all that was due came to be sent in its time: a receiver that falls behind holds its clients up."""
    in_time = sum(1 for due_s, taken_ms in sent.latencies_ms if due_s + taken_ms / 1000 <= seconds)
    share = in_time / (rate_s * seconds)
    name = f">= {KEPT_UP_MIN:.0%} of what is due is answered within the time"
    return Judged(name, f"{share:.1%}", share >= KEPT_UP_MIN)


def on_limit(first: Sent, last: Sent) -> Judged:
    """Whether the receiver takes as much in the end as in the beginning."""
    ratio = last.count / first.count
    return Judged(f"the limit in the end is >= × {TIRED_MIN:g}", f"× {ratio:.2f}", ratio >= TIRED_MIN)


def _quantile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
