"""Suggestions that people can commit with one click, and those that they can't, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workers.domain.usage import Call


class Impact(StrEnum):
    """How much better it gets; `rank` orders them, 0 is the most."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for high … 2 for low."""
        return list(Impact).index(self)


@dataclass(frozen=True, slots=True)
class Improvement:
    """`suggestion` replaces the lines `start_line..line` of `path` at the head. Title and why are a model's."""

    path: str
    line: int
    start_line: int | None
    title: str
    why: str
    impact: Impact
    suggestion: str
    fingerprint: str
    model: str = ""

    @property
    def lines(self) -> range:
        """The lines that it replaces."""
        return range(self.start_line or self.line, self.line + 1)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A suggestion that is not offered, and why, in words that follow a colon.

    `sound`: whether it could have been committed all the same, None where nobody looked that far.
    """

    path: str
    title: str
    why: str
    sound: bool | None = False


@dataclass(frozen=True, slots=True)
class Place:
    """Lines `first..last` of which something was said already."""

    path: str
    first: int
    last: int
    title: str = ""

    def overlaps(self, path: str, lines: range) -> bool:
        """Whether any of `lines` of `path` is among them."""
        return self.path == path and self.first < lines.stop and lines.start <= self.last


@dataclass(frozen=True, slots=True)
class Improvements:
    """The best first. `unread` are changed files of which nobody read all; `notices` say why, and what was taken out."""

    offered: tuple[Improvement, ...]
    left: tuple[LeftOut, ...] = ()
    unread: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()

    @property
    def quality(self) -> float | None:
        """The share of what was proposed that applies, and parses once it is applied; None of nothing. 0 to 1."""
        seen = [True] * len(self.offered) + [one.sound for one in self.left if one.sound is not None]
        return sum(seen) / len(seen) if seen else None

    @property
    def validated(self) -> bool | None:
        """Whether all of it does, None of nothing."""
        return None if self.quality is None else self.quality == 1.0


@dataclass(frozen=True, slots=True)
class NoImprovements:
    """Why nobody could suggest anything: `kind` is that of a ModelError, `why` a sentence of ours."""

    kind: str
    why: str
    calls: tuple[Call, ...] = ()
    quality: float | None = None
    validated: bool | None = None
