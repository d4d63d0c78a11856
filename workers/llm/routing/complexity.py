"""How hard code looks by its length and language: a prior, until profiles know better."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FULL_CHARS = 10_000
MULTIPLIERS: Mapping[str, float] = {"python": 0.8, "javascript": 0.9, "java": 1.0, "rust": 1.1, "cpp": 1.2}
OTHER_MULTIPLIER = 1.0
_ALIASES = {"c++": "cpp"}


@dataclass(frozen=True, slots=True)
class TaskComplexity:
    """`score` is 0 to 1; cost (US dollars) and latency are what a task of this score takes as a rule of thumb."""

    score: float

    @property
    def estimated_cost_usd(self) -> float:
        """One cent, and nine more for the hardest."""
        return 0.01 + self.score * 0.09

    @property
    def estimated_latency_ms(self) -> int:
        """A second, and four more for the hardest."""
        return 1_000 + int(self.score * 4_000)


def complexity_of(code_chars: int, language: str) -> TaskComplexity:
    """The complexity of so much code of one language; the language's name in any case."""
    return combined_complexity([(code_chars, language)])


def combined_complexity(parts: Iterable[tuple[int, str]]) -> TaskComplexity:
    """The complexity of (characters, language) read together: lengths add up, multipliers are weighted by them."""
    weighed = [(max(0, chars), _multiplier(language)) for chars, language in parts]
    total = sum(chars for chars, _ in weighed)
    if not total:
        return TaskComplexity(0.0)
    multiplier = sum(chars * factor for chars, factor in weighed) / total
    return TaskComplexity(min(min(total / FULL_CHARS, 1.0) * multiplier, 1.0))


def _multiplier(language: str) -> float:
    name = language.strip().lower()
    return MULTIPLIERS.get(_ALIASES.get(name, name), OTHER_MULTIPLIER)
