"""What the describe pipeline is given, and its limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from workers.domain.change import Change, Snapshot
from workers.domain.voice import Voice
from workers.experts.base import nothing


@dataclass(frozen=True, slots=True)
class DescribeRequest:
    """A change with its files classified; paths that are `ignored` are shown to no model. `diagram`: draw one."""

    change: Change
    snapshot: Snapshot
    ignored: Callable[[str], bool] = nothing
    diagram: bool = True
    notices: tuple[str, ...] = ()
    voice: Voice = field(default_factory=Voice)


@dataclass(frozen=True, slots=True)
class DescribeLimits:
    """Most characters of each text, within the shares that a window leaves; and the answer's bounds."""

    about_max_chars: int = 4_000
    commits_max_chars: int = 6_000
    issues_max_chars: int = 12_000
    files_max: int = 300
    files_max_chars: int = 20_000
    change_max_chars: int = 60_000
    output_max_tokens: int = 4_000
    timeout_s: float = 120.0


def for_window(limits: DescribeLimits, window_tokens: int) -> DescribeLimits:
    """`limits` as far as a window of so many tokens goes: at most a quarter of it is for the answer."""
    return replace(limits, output_max_tokens=min(limits.output_max_tokens, window_tokens // 4))
