"""What the improve pipeline is given, and its limits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from workers.domain.change import Change
from workers.domain.improvement import Place
from workers.domain.voice import Voice


@dataclass(frozen=True, slots=True)
class ImproveRequest:
    """A change with its files classified; `said` are lines that something was said of already."""

    change: Change
    said: tuple[Place, ...] = ()
    risky_paths: tuple[str, ...] = ()
    voice: Voice = field(default_factory=Voice)


@dataclass(frozen=True, slots=True)
class ImproveLimits:
    """Limits of one run: questions, suggestions of one answer and of all, and most characters of each text."""

    batches_max: int = 4
    batch_max_chars: int = 60_000
    per_answer_max: int = 8
    offered_max: int = 10
    about_max_chars: int = 4_000
    said_max: int = 40
    output_max_tokens: int = 4_000
    timeout_s: float = 180.0


def for_window(limits: ImproveLimits, window_tokens: int) -> ImproveLimits:
    """`limits` as far as a window of so many tokens goes: at most a quarter of it is for the answer."""
    return replace(limits, output_max_tokens=min(limits.output_max_tokens, window_tokens // 4))
