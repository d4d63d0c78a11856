"""A text without its blanks, in which a quote is looked for, and the way back from there to line numbers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from workers.analysis.quoting import Piece, Reading, squeezed

Span = tuple[int, int]
"""First and last line, from 1."""

PLACES_MAX = 500
"""So many places of one piece are looked at: a quote that stands in more names none of them."""


@dataclass(frozen=True, slots=True)
class Page:
    """`starts[i]` is where line `numbers[i]` begins in `text`. Blank lines are left out."""

    text: str
    starts: Sequence[int]
    numbers: Sequence[int]

    def spans(self, reading: Reading, *, whole: bool) -> frozenset[Span]:
        """Every place that says what was read; `whole`: only those that begin and end where lines do."""
        found: set[tuple[int, int]] = set()
        for index, piece in enumerate(reading.pieces):
            starts = self._first(piece) if index == 0 else self._following(piece, found)
            found = {
                (start, at + len(piece.text))
                for start, at in islice(starts, PLACES_MAX)
                if not whole or self._fits(piece, at)
            }
        return frozenset((self._number(start), self._number(end - 1)) for start, end in found)

    def _first(self, piece: Piece) -> Iterator[tuple[int, int]]:
        return ((at, at) for at in _occurrences(self.text, piece.text, 0, len(self.text)))

    def _following(self, piece: Piece, found: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Where the next piece stands after each place found so far: in the same line, or some lines on."""
        for start, end in sorted(found):
            begun_by = self._line_end(end - 1, piece.reach_lines) + len(piece.text) - 1
            for at in _occurrences(self.text, piece.text, end, begun_by):
                yield start, at

    def _fits(self, piece: Piece, at: int) -> bool:
        return (not piece.starts_line or self._at_line_start(at)) and (
            not piece.ends_line or self._at_line_start(at + len(piece.text))
        )

    def _line_end(self, at: int, further_lines: int) -> int:
        """Where the line around `at` ends, or the one so many lines further on."""
        number = self._number(at) + further_lines
        index = bisect_right(self.numbers, number)
        return self.starts[index] if index < len(self.starts) else len(self.text)

    def _at_line_start(self, at: int) -> bool:
        index = bisect_left(self.starts, at)
        return at == len(self.text) or (index < len(self.starts) and self.starts[index] == at)

    def _number(self, at: int) -> int:
        return self.numbers[bisect_right(self.starts, at) - 1]


def page_of(lines: Iterable[tuple[int, str]]) -> Page:
    """The page of numbered lines, ascending."""
    numbered = [(number, flat) for number, line in lines if (flat := squeezed(line))]
    starts = list(accumulate((len(flat) for _, flat in numbered), initial=0))[:-1]
    return Page("".join(flat for _, flat in numbered), starts, [number for number, _ in numbered])


def _occurrences(text: str, wanted: str, start: int, end: int) -> Iterator[int]:
    at = text.find(wanted, start, end)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1, end)
