"""From quoted code to a line that may carry a comment.

Models count lines badly and quote well, so the quote decides. Blanks don't count; a quote matches whole lines before
it matches parts of lines, and as it is written before it is mended. Of several places none is guessed, unless only one
of them was shown to the model or has the number that it wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.page import Page, Span, page_of
from workers.analysis.quoting import (
    GAP_MAX_LINES,
    Piece,
    Reading,
    diff_readings,
    readings,
    removed_readings,
    telling,
)
from workers.domain.change import ChangedFile, Hunk

REPAIR_MAX_LINES = 3
"""How far a line may be moved to the nearest one that carries comments."""
TOLD_MAX_LINES = 40
QUOTE_MAX_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """Right-side lines `start_line..line` (`start_line` is None for one line, else less than `line`).

    `repaired` says that these are not exactly the lines that were asked for, word for word: no suggestion may replace
    them.
    """

    line: int
    start_line: int | None = None
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """What became of looking for a quote: its lines if it names some, and whether the file says it anywhere at all."""

    anchor: Anchor | None
    said: bool


def locate(quote: str, file: ChangedFile, *, near: int | None) -> Anchor | None:
    """Where the head's text says `quote`; None when it doesn't, or says it in several places alike.

    Without the file's text, the right sides of its hunks are searched. `near` is the line that the model named.
    The anchor may lie outside of every hunk: see `commentable`.
    """
    return sight(quote, file, near=near).anchor


def sight(quote: str, file: ChangedFile, *, near: int | None, page: Page | None = None) -> Sighting:
    """The same, and whether the file says `quote` in any place, among its removed lines too. `page`: the file's
    `head_page`, if somebody has it already: to make one takes longer than to look for a quote on it.
    """
    quote, page, said = quote[:QUOTE_MAX_CHARS], page or head_page(file), False
    for reading, whole in _attempts(quote):
        spans = page.spans(reading, whole=whole)
        if span := _choose(spans, file, reading.first, near):
            return Sighting(_anchor(*span, repaired=not (whole and reading.is_exact)), said=True)
        if spans and reading.is_exact:
            return Sighting(None, said=True)
        said = said or bool(spans)
    if span := _told(telling(quote), page, file):
        return Sighting(_anchor(*span, repaired=True), said=True)
    return Sighting(None, said or _is_removed(quote, file))


def head_page(file: ChangedFile) -> Page:
    """What quotes are looked for on."""
    return page_of(_right_side(file))


def _attempts(quote: str) -> Iterator[tuple[Reading, bool]]:
    """Whole lines before parts of lines, all that was quoted before some of it."""
    for asked in (readings(quote), diff_readings(quote)):
        yield from ((reading, True) for reading in asked)
        yield from ((reading, False) for reading in asked)


def _is_removed(quote: str, file: ChangedFile) -> bool:
    page = page_of(_left_side(file))
    return any(page.spans(reading, whole=False) for reading in removed_readings(quote))


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


def _right_side(file: ChangedFile) -> Iterator[tuple[int, str]]:
    if file.text is not None:
        yield from enumerate(file.text.split("\n"), start=1)
        return
    for hunk in file.hunks:
        kept = (line for line in hunk.lines if line[:1] not in ("-", "\\"))
        for number, line in enumerate(kept, start=hunk.new_start):
            yield number, line[1:]


def _left_side(file: ChangedFile) -> Iterator[tuple[int, str]]:
    for hunk in file.hunks:
        kept = (line for line in hunk.lines if line[:1] not in ("+", "\\"))
        for number, line in enumerate(kept, start=hunk.old_start):
            yield number, line[1:]


def _choose(spans: Collection[Span], file: ChangedFile, first: int | None, near: int | None) -> Span | None:
    """The only span, or the only one that the hunks show, or of those left the one that a number tells.

    A number in front of the quote's lines was copied or made up, so it has to be right; of `near`, the nearest counts.
    """
    shown = [span for span in spans if any(_shows(hunk, span) for hunk in file.hunks)]
    left = shown or list(spans)
    if len(left) > 1 and first is not None:
        left = [span for span in left if span[0] == first] or left
    if len(left) <= 1 or near is None:
        return left[0] if len(left) == 1 else None
    by_distance = sorted(left, key=lambda span: _distance(near, *span))
    tie = _distance(near, *by_distance[0]) == _distance(near, *by_distance[1])
    return None if tie else by_distance[0]


def _shows(hunk: Hunk, span: Span) -> bool:
    return span[0] in hunk.right and span[1] in hunk.right


def _told(lines: Sequence[str], page: Page, file: ChangedFile) -> Span | None:
    """The lines around those of a longer quote that stand in one place each, if they are most of what it says."""
    told: dict[str, Span] = {}
    for line in lines[:TOLD_MAX_LINES]:
        reading = Reading((Piece(line),))
        spans = page.spans(reading, whole=True) or page.spans(reading, whole=False)
        if span := _choose(spans, file, None, None):
            told[line] = span
    first = min((span[0] for span in told.values()), default=0)
    last = max((span[1] for span in told.values()), default=0)
    most = 2 * sum(map(len, told)) >= sum(map(len, lines)) and told
    return (first, last) if most and last - first < GAP_MAX_LINES else None
