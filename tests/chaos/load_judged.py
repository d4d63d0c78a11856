"""Whether answers get slower, pure: beside the machine's own pulse, where the machine did not stay as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, hypot, inf, log, sqrt
from statistics import median

from tests.chaos.load_figures import Judged, Sent, first_and_last, thirds, windows

SLOWER_MAX = 1.2
NOTHING_MS = 1.0
"""A difference below this is none."""
MACHINE_MAX = 1.2
"""How much slower or faster the machine may have become before we are judged beside it, window by window."""
KEPT_UP_MIN = 0.99
TIRED_MIN = 0.8
"""Of the limit at the beginning, the least that the limit may be in the end."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a pulse took in the first and in the last third of the time."""

    before_ms: float
    after_ms: float

    @property
    def slower(self) -> float:
        """By which factor; below 1 it became faster."""
        return self.after_ms / self.before_ms if self.before_ms else inf

    @property
    def is_steady(self) -> bool:
        """Whether it stayed as fast as it was."""
        return 1 / MACHINE_MAX <= self.slower <= MACHINE_MAX


@dataclass(frozen=True, slots=True)
class Beside:
    """By which factor what we take grew beside a pulse, and by which factor that may be wrong (two errors)."""

    times: float
    noise: float

    @property
    def is_flat(self) -> bool:
        """Whether it is shown not to have grown: a ratio whose noise is larger than what is to be shown must be lower."""
        return self.times * (self.noise if self.noise > SLOWER_MAX else 1) <= SLOWER_MAX


def on_machine(sent: Sent, seconds: float) -> Machine:
    """How fast the machine was."""
    return Machine(*first_and_last(sent.pulse_ms, seconds, 50))


def told_of(sent: Sent, seconds: float) -> Judged:
    """What the machine did meanwhile, which nobody promised, and how many were sent by that."""
    pulses, machine = windows(sent.pulse_ms, 50).values(), on_machine(sent, seconds)
    grew = f"{machine.before_ms:.2f} → {machine.after_ms:.2f} ms ({min(pulses):.2f} to {max(pulses):.2f})"
    said = f"{grew}, {sent.due / seconds:.0f} requests a second"
    return Judged("the machine's pulse, by which is sent", said, None)


def on_latency(sent: Sent, seconds: float) -> Iterator[Judged]:
    """Flat: p50 and p99 of the last third are at most 1.2 times those of the first."""
    machine = on_machine(sent, seconds)
    for percent in (50, 99):
        first, last = first_and_last(sent.latencies_ms, seconds, percent)
        ratio = _beside(sent, seconds, percent)
        flat = last <= first * SLOWER_MAX or last - first <= NOTHING_MS
        said = f"{first:.1f} → {last:.1f} ms; beside a pulse × {ratio.times:.2f} (± × {ratio.noise:.2f})"
        yield _on(machine, f"p{percent} grows by <= × {SLOWER_MAX:g}", said, flat, ratio.is_flat)


def on_pace(sent: Sent, seconds: float) -> Judged:
    """Whether all that was due came to be sent in its time: a receiver that falls behind holds its clients up."""
    in_time = sum(1 for due_s, taken_ms in sent.latencies_ms if due_s + taken_ms / 1000 <= seconds)
    share = in_time / sent.due
    name = f">= {KEPT_UP_MIN:.0%} of what is due is answered within the time"
    return Judged(name, f"{share:.1%}", share >= KEPT_UP_MIN)


def on_limit(first: Sequence[float], last: Sequence[float]) -> Judged:
    """Whether the receiver takes as much in the end as in the beginning, in the time of a pulse."""
    ratio = median(last) / median(first)
    said = f"× {ratio:.2f} in the time of a pulse"
    return Judged(f"the limit in the end is >= × {TIRED_MIN:g}", said, ratio >= TIRED_MIN)


def _on(machine: Machine, name: str, said: str, held: bool, held_beside: bool) -> Judged:
    """On a machine that stayed as it was, by the figure itself; else by the pulse in the same seconds. What did not hold
    beside it is no verdict on a machine that became slower: what queues grows by more than that.
    """
    if machine.is_steady:
        return Judged(name, said, held)
    if held_beside or (held and machine.slower > 1):
        return Judged(name, said, True)
    if machine.slower < 1 and not held:
        return Judged(name, said, False)
    return Judged(name, said, None, f"the machine's pulse took × {machine.slower:.2f}: it may be the machine")


def _beside(sent: Sent, seconds: float, percent: int) -> Beside:
    """The same of the ratio, window by window, to the pulses of the same seconds."""
    ours, pulses = windows(sent.latencies_ms, percent), windows(sent.pulse_ms, 50)
    ratios = [log(ours[at] / pulses[at]) for at in ours if pulses.get(at, 0.0) > 0]
    if not ratios:
        return Beside(1.0, inf)
    first, last = thirds(ratios, seconds)
    return Beside(exp(median(last) - median(first)), exp(2 * hypot(_error(first), _error(last))))


def _error(values: Sequence[float]) -> float:
    """The standard error of their median; by the median deviation, so that a hiccup does not count."""
    middle = median(values)
    return 1.25 * 1.48 * median(abs(value - middle) for value in values) / sqrt(len(values))
