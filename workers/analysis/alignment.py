"""Which lines of a text are lines of an older one; blanks don't count. Near linear, whatever the texts hold."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from workers.analysis.quoting import squeezed

DEPTH_MAX = 24
BLOCK_MAX_LINES = 200
"""Blocks without a line that is unique in both are compared in full up to this length."""

Box = tuple[int, int, int, int, int]
"""Old lines from, to; new lines from, to; how often it was cut already."""


def aligned(old: str, new: str) -> dict[int, int]:
    """Line of `old` → line of `new` (from 1), rising in both, where they say the same.

    By lines that stand once in both texts (patience), then by whatever joins them without a gap.
    """
    return aligned_lines([*map(squeezed, old.split("\n"))], [*map(squeezed, new.split("\n"))])


def aligned_lines(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """The same, of lines."""
    found: dict[int, int] = {}
    boxes: list[Box] = [(0, len(old), 0, len(new), 0)]
    while boxes:
        box = _trimmed(old, new, boxes.pop(), found)
        anchors = _anchors(old, new, box)
        if anchors and box[4] < DEPTH_MAX:
            boxes += _cut(box, anchors)
            found |= anchors
        else:
            found |= _compared(old, new, box)
    return {one + 1: other + 1 for one, other in found.items()}


def _trimmed(old: Sequence[str], new: Sequence[str], box: Box, found: dict[int, int]) -> Box:
    """`box` without the lines that its two sides begin and end with in common; those go to `found`."""
    a, b, c, d, depth = box
    while a < b and c < d and old[a] == new[c]:
        found[a] = c
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
        found[b] = d
    return a, b, c, d, depth


def _anchors(old: Sequence[str], new: Sequence[str], box: Box) -> dict[int, int]:
    """Lines that are unique on both sides, as many as rise together."""
    a, b, c, d, _ = box
    olds, news = Counter(old[a:b]), Counter(new[c:d])
    places = {line: at for at, line in enumerate(new[c:d], start=c)}
    pairs = [(at, places[old[at]]) for at in range(a, b) if olds[old[at]] == 1 and news.get(old[at]) == 1]
    return dict(_rising(pairs))


def _rising(pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The longest run of `pairs` whose second numbers rise."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, value) in enumerate(pairs):
        length = bisect_left(tails, value)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [value]
        ends[length : length + 1] = [at]
    at = ends[-1] if ends else -1
    while at >= 0:
        yield pairs[at]
        at = before[at]


def _cut(box: Box, anchors: dict[int, int]) -> Iterator[Box]:
    a, b, c, d, depth = box
    for one in sorted(anchors):
        yield a, one, c, anchors[one], depth + 1
        a, c = one + 1, anchors[one] + 1
    yield a, b, c, d, depth + 1


def _compared(old: Sequence[str], new: Sequence[str], box: Box) -> dict[int, int]:
    a, b, c, d, _ = box
    if a == b or c == d or max(b - a, d - c) > BLOCK_MAX_LINES:
        return {}
    blocks = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False).get_matching_blocks()
    return {a + one + step: c + other + step for one, other, size in blocks for step in range(size)}
