"""What the ask pipeline is given, and its limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from workers.domain.change import Change, Snapshot
from workers.domain.question import Question
from workers.domain.voice import Voice
from workers.experts.base import nothing


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question and what it is about; paths that are `ignored` are shown to no model."""

    question: Question
    change: Change
    snapshot: Snapshot
    ignored: Callable[[str], bool] = nothing
    voice: Voice = field(default_factory=Voice)


@dataclass(frozen=True, slots=True)
class AskLimits:
    """Most characters of each text, within the shares that a window leaves; and of the search for named code."""

    question_max_chars: int = 2_000
    about_max_chars: int = 4_000
    files_max: int = 200
    remarks_max: int = 20
    remark_max_chars: int = 4_000
    thread_max_chars: int = 12_000
    change_max_chars: int = 60_000
    elsewhere_max_chars: int = 30_000
    named_files_max: int = 5
    names_max: int = 10
    places_per_name_max: int = 6
    output_max_tokens: int = 2_500
    timeout_s: float = 120.0


def for_window(limits: AskLimits, window_tokens: int) -> AskLimits:
    """`limits` as far as a window of so many tokens goes: at most a quarter of it is for the answer."""
    return replace(limits, output_max_tokens=min(limits.output_max_tokens, window_tokens // 4))
