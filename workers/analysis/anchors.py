"""From quoted code to a line that may carry a comment.

Models count lines badly and quote well, so the quote decides. Blanks don't count; a quote matches whole lines before
it matches parts of lines; of several places the changed ones come first, then the one nearest to the model's line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from workers.domain.change import ChangedFile, Hunk

REPAIR_MAX_LINES = 3
"""How far a line may be moved to the nearest one that carries comments."""
PART_MIN_CHARS = 12
"""A single line out of a longer quote has to say this much, blanks aside, to stand for the whole."""
QUOTE_MAX_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """Right-side lines `start_line..line` (`start_line` is None for one line, else less than `line`).

    `repaired` says that these are not exactly the lines that were asked for: no suggestion may replace them.
    """

    line: int
    start_line: int | None = None
    repaired: bool = False


def locate(quote: str, file: ChangedFile, *, near: int | None) -> Anchor | None:
    """Where the head's text says `quote`; None when it doesn't, or says it in several places alike.

    Without the file's text, the right sides of its hunks are searched. `near` is the line that the model named.
    The anchor may lie outside of every hunk: see `commentable`.
    """
    page = _page(file)
    changed = file.added_lines()
    for read in _READINGS:
        lines = read(quote[:QUOTE_MAX_CHARS])
        if span := _choose(page.find(lines), changed, near):
            return _anchor(*span, repaired=False)
    for line in _telling(quote[:QUOTE_MAX_CHARS]):
        if span := _choose(page.find([line]), changed, near):
            return _anchor(*span, repaired=True)
    return None


def commentable(start: int | None, line: int, file: ChangedFile) -> Anchor | None:
    """The lines nearest to `start..line` on which GitHub takes a right-side comment; None: comment on the file.

    In this order: exact, clamped to the one hunk it touches most, the hunk's edge if it is at most REPAIR_MAX_LINES
    away. Both ends of the result lie in the same hunk.
    """
    first, last = sorted((line if start is None else start, line))
    hunks = [hunk for hunk in file.hunks if hunk.new_count]
    touched = max(hunks, key=lambda hunk: _shared(hunk, first, last), default=None)
    if touched is None:
        return None
    if _shared(touched, first, last):
        inner = max(first, touched.right.start), min(last, touched.right.stop - 1)
        return _anchor(*inner, repaired=inner != (first, last))
    edge = min((_edge(hunk, first, last) for hunk in hunks), key=lambda edge: _distance(edge, first, last))
    return _anchor(edge, edge, repaired=True) if _distance(edge, first, last) <= REPAIR_MAX_LINES else None


def _anchor(first: int, last: int, *, repaired: bool) -> Anchor:
    return Anchor(last, first if first < last else None, repaired)


def _shared(hunk: Hunk, first: int, last: int) -> int:
    return max(0, min(last + 1, hunk.right.stop) - max(first, hunk.right.start))


def _edge(hunk: Hunk, first: int, last: int) -> int:
    return hunk.right.start if last < hunk.right.start else hunk.right.stop - 1


def _distance(edge: int, first: int, last: int) -> int:
    return max(first - edge, edge - last, 0)


def _squeezed(text: str) -> str:
    """`text` without any blank: spaces, tabs, carriage returns."""
    return "".join(text.split())


@dataclass(frozen=True, slots=True)
class _Page:
    """A text squeezed into one string; `starts[i]` is where line `numbers[i]` begins in it. Blank lines are left out."""

    text: str
    starts: Sequence[int]
    numbers: Sequence[int]

    def find(self, lines: Sequence[str]) -> list[tuple[int, int]]:
        """First and last line of every place that says `lines` one after the other; whole lines win over parts."""
        wanted = "".join(map(_squeezed, lines))
        if not any(map(str.isalnum, wanted)):
            return []  # brackets alone are everywhere
        places = [(at, at + len(wanted)) for at in _occurrences(self.text, wanted)]
        whole = [place for place in places if self._at_line_start(place[0]) and self._at_line_start(place[1])]
        return [(self._number(at), self._number(end - 1)) for at, end in whole or places]

    def _at_line_start(self, at: int) -> bool:
        return at == len(self.text) or self.starts[bisect_right(self.starts, at) - 1] == at

    def _number(self, at: int) -> int:
        return self.numbers[bisect_right(self.starts, at) - 1]


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _page(file: ChangedFile) -> _Page:
    numbered = [(number, squeezed) for number, line in _right_side(file) if (squeezed := _squeezed(line))]
    starts = list(accumulate((len(line) for _, line in numbered), initial=0))[:-1]
    return _Page("".join(line for _, line in numbered), starts, [number for number, _ in numbered])


def _right_side(file: ChangedFile) -> Iterator[tuple[int, str]]:
    if file.text is not None:
        yield from enumerate(file.text.split("\n"), start=1)
        return
    for hunk in file.hunks:
        kept = (line for line in hunk.lines if line[:1] not in ("-", "\\"))
        for number, line in enumerate(kept, start=hunk.new_start):
            yield number, line[1:]


def _choose(
    spans: Sequence[tuple[int, int]], changed: frozenset[int], near: int | None
) -> tuple[int, int] | None:
    """The only span, or the only one with changed lines, or of those left the only one nearest to `near`."""
    touching = [span for span in spans if not changed.isdisjoint(range(span[0], span[1] + 1))]
    left = touching or spans
    if len(left) <= 1 or near is None:
        return left[0] if len(left) == 1 else None
    by_distance = sorted(left, key=lambda span: _distance(near, *span))
    tie = _distance(near, *by_distance[0]) == _distance(near, *by_distance[1])
    return None if tie else by_distance[0]


_FENCE = re.compile(r"^\s*(`{3,}|~{3,})[^`\n]*$")
_MARK = re.compile(r"^\s*[+ ](?=.)|^\s*\+$")
_LINE_NUMBER = re.compile(r"^\s*(?:L|line )?\d{1,7}\s*(?:[:|│]|\t|\s{2})\s?", re.IGNORECASE)
_GAP = re.compile(r"^\W*(?:\.{3}|…)\W*$")


def _as_written(quote: str) -> list[str]:
    return quote.split("\n")


def _unfenced(quote: str) -> list[str]:
    lines = [line for line in _as_written(quote) if not _FENCE.match(line)]
    bare = "\n".join(lines).strip()
    inline = len(bare) > 1 and bare[0] == bare[-1] == "`" and "`" not in bare[1:-1]
    return [bare[1:-1]] if inline else lines


def _unnumbered(quote: str) -> list[str]:
    return [_LINE_NUMBER.sub("", line) for line in _unfenced(quote)]


def _unmarked(quote: str) -> list[str]:
    """Without the marks of a diff; its removed lines are not on the right side at all."""
    kept = [line for line in _unnumbered(quote) if not line.lstrip().startswith("-")]
    return [_MARK.sub("", line) for line in kept]


_READINGS: tuple[Callable[[str], list[str]], ...] = (_as_written, _unfenced, _unnumbered, _unmarked)


def _telling(quote: str) -> list[str]:
    """Single lines that may stand for the whole quote, the longest first: models shorten and mend as they quote."""
    lines = [line for line in _unmarked(quote) if not _GAP.match(line)]
    return sorted((line for line in lines if len(_squeezed(line)) >= PART_MIN_CHARS), key=len, reverse=True)
