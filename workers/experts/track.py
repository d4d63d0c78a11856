"""Where code went, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from workers.analysis.page import Span

Place = tuple[str, int, int]
"""A path and the first and last line."""


class Way(StrEnum):
    """What happened to it. `moved`: its words stand elsewhere or in another form; `unknown`: nobody can tell."""

    KEPT = "kept"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Track:
    """Its present place: `line` is None for the whole file; what changed has the lines that came in its place.

    `spots` are the very lines, where they are not all from `start` to `line`, or stand in more than one place. `came`
    are lines that came where it stood, though it stands elsewhere.
    """

    way: Way
    path: str
    start: int | None = None
    line: int | None = None
    spots: frozenset[int] = field(default=frozenset(), repr=False)
    came: frozenset[int] = field(default=frozenset(), repr=False)

    @property
    def stands(self) -> bool:
        """Whether the code is still there."""
        return self.way in (Way.KEPT, Way.MOVED)

    @property
    def lines(self) -> frozenset[int]:
        """Its lines, without what was put between them; none if it is about the whole file and quotes nothing of it."""
        if self.spots or self.line is None:
            return self.spots
        return frozenset(range(self.start or self.line, self.line + 1))

    @property
    def reach(self) -> frozenset[int]:
        """Its lines, and those that came where it stood."""
        return self.lines | self.came


def track_at(way: Way, path: str, span: Span) -> Track:
    """The track to the lines of `span`; to the file, if that is empty."""
    first, last = span
    if first > last:
        return Track(way, path)
    return Track(way, path, first if first < last else None, last)
