"""The lines around a place: by them it is told from others that say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from workers.analysis.page import Span
from workers.analysis.quoting import squeezed
from workers.analysis.since import FileSince, lines_of

AROUND_LINES = 3
WINDOW_LINES = 20
NEXT_WEIGHT = 2
"""How much more a line right beside it says."""
ALL_COMMON = 2 * (AROUND_LINES + NEXT_WEIGHT)
Around = tuple[tuple[str, ...], tuple[str, ...]]
"""The lines before a place, the nearest first, and those after it."""
NOTHING: Around = ((), ())


def surroundings(text: str | None, first: int, last: int) -> Around:
    """The lines around `first..last`, squeezed, without empty ones."""
    if text is None:
        return NOTHING
    lines = lines_of(text)
    before = lines[max(0, first - 1 - WINDOW_LINES) : first - 1]
    return _telling(reversed(before)), _telling(lines[last : last + WINDOW_LINES])


def common(place: Span, around: Around, file: FileSince) -> int:
    """How much of its surroundings `place` has: lines on the same side; those next to it count more."""
    here = surroundings(file.new, *place) if around != NOTHING else NOTHING
    shared = sum((Counter(old) & Counter(new)).total() for old, new in zip(around, here, strict=True))
    return shared + NEXT_WEIGHT * sum(old[:1] == new[:1] != () for old, new in zip(around, here, strict=True))


def has_neighbour(place: Span, around: Around, file: FileSince) -> bool:
    """Whether a line right beside it is the one that was there."""
    here = surroundings(file.new, *place)
    return any(old[:1] == new[:1] != () for old, new in zip(around, here, strict=True))


def best(places: Iterable[Span], region: Span, around: Around, file: FileSince) -> Span | None:
    """The place that has most of the surroundings, then the nearest to `region`."""
    return min(places, key=lambda place: (-common(place, around, file), apart(place, region)), default=None)


def apart(place: Span, region: Span) -> int:
    """Lines between the two."""
    return max(region[0] - place[1], place[0] - region[1], 0)


def _telling(lines: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for line in lines:
        if len(found) == AROUND_LINES:
            break
        if text := squeezed(line):
            found.append(text)
    return tuple(found)
