"""How models write down the code that they quote: fences, numbers, marks of a diff, and what they leave out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

GAP_MAX_LINES = 60
"""How many lines a quote may leave out in one place."""
PIECES_MAX = 20
"""A quote that leaves out more than that is no quote."""
PART_MIN_CHARS = 12
"""A single line out of a longer quote has to say this much, blanks aside, to stand for the whole."""

_FENCE = re.compile(r"[ \t]{0,8}(?:`{3,}|~{3,})[^`\n]*")
_NUMBERED = re.compile(
    r"[ \t]{0,12}(?:L|line )?(\d{1,7})(?:\t|[ \t]{0,4}[-+]?[ \t]?[:|│]|[ ]{2})", re.IGNORECASE
)
_REMOVED = re.compile(r"[ \t]{0,12}(?:\d{1,7})?[ \t]{0,4}-[ \t]?\|")
_MARKED = re.compile(r"[ \t]{0,3}\+")
_MINUS = re.compile(r"[ \t]{0,12}(?:\d{1,7})?[ \t]{0,4}[-+]?[ \t]?\||[ \t]{0,3}-")
_OLD = re.compile(r"[ \t]{0,3}-|@@ |\\ ")
_GAP_LINE = re.compile(r"[ \t]{0,80}(?:#|//|/\*|--|<!--|\*)?[ \t]{0,8}\[?(?:\.{3}|…)")
_GAP = re.compile(r"\[?(?:\.{3}|…)\]?(?: \(line cut here\))?|«secret:[^»\n]{0,80}»")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a quote that stands in one go, squeezed; whether nothing stands before or after it in its lines.

    It begins at most `reach_lines` further on than the piece before it ends.
    """

    text: str
    starts_line: bool = True
    ends_line: bool = True
    reach_lines: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a quote says: pieces, one after the other, with something left out between them.

    `first` is the number that was written in front of its first line.
    """

    pieces: tuple[Piece, ...]
    first: int | None = None

    @property
    def is_exact(self) -> bool:
        """Whether nothing was left out."""
        return len(self.pieces) == 1 and self.pieces[0].starts_line and self.pieces[0].ends_line

    def says_something(self) -> bool:
        """Whether there is a word in it."""
        return any(char.isalnum() for piece in self.pieces for char in piece.text)


Way = tuple[Sequence[str], int | None]
"""Lines, and the number in front of the first."""


def squeezed(text: str) -> str:
    """`text` without any blank: spaces, tabs, carriage returns."""
    return "".join(text.split())


def readings(quote: str) -> tuple[Reading, ...]:
    """Everything that `quote` can mean with all its lines, the most literal first, each once."""
    return _read(_ways(quote))


def diff_readings(quote: str) -> tuple[Reading, ...]:
    """What it means if it is a diff whose removed lines are not there any more; nothing if it has none."""
    *_, (lines, first) = _ways(quote)
    kept = [_MARKED.sub("", line, count=1) for line in lines if not _OLD.match(line)]
    return _read([(kept, first)]) if len(kept) < len(lines) else ()


def _read(ways: Iterable[Way]) -> tuple[Reading, ...]:
    ways = tuple(ways)
    whole = [Reading((Piece("".join(map(squeezed, lines))),), first) for lines, first in ways]
    gapped = [Reading(tuple(_pieces(lines)), first) for lines, first in ways]
    bounded = (one for one in (*whole, *gapped) if len(one.pieces) <= PIECES_MAX)
    return tuple(dict.fromkeys(one for one in bounded if one.says_something()))


def removed_readings(quote: str) -> tuple[Reading, ...]:
    """Everything that `quote` can mean as lines that are gone."""
    bare = unfenced(quote.strip("\n").split("\n"))
    gone = [_MINUS.sub("", line, count=1) for line in bare]
    ways = [(Piece("".join(map(squeezed, lines))),) for lines in (bare, gone)]
    return tuple(one for one in map(Reading, ways) if one.says_something())


def telling(quote: str) -> tuple[str, ...]:
    """Single lines that may stand for the whole quote, squeezed: models mend as they quote."""
    *_, (lines, _) = _ways(quote)
    kept = (line for line in lines if not _GAP_LINE.match(line) and not _OLD.match(line))
    flat = (squeezed(_MARKED.sub("", line, count=1)) for line in kept)
    return tuple(dict.fromkeys(line for line in flat if len(line) >= PART_MIN_CHARS))


def _ways(quote: str) -> Iterator[Way]:
    lines = quote.strip("\n").split("\n")
    yield lines, None
    bare = unfenced(lines)
    yield bare, None
    numbered = _unnumbered(bare)
    if numbered is not None:
        yield numbered
        bare, first = numbered
        yield _unmarked(bare), first
    else:
        yield _unmarked(bare), None


def unfenced(lines: Sequence[str]) -> Sequence[str]:
    """Lines without the fence around them, or the ticks."""
    if _FENCE.fullmatch(lines[0].rstrip()):
        ended = len(lines) > 1 and _FENCE.fullmatch(lines[-1].rstrip())
        return lines[1 : -1 if ended else None] or [""]
    text = "\n".join(lines).strip()
    ticks = min(len(text) - len(text.lstrip("`")), len(text) - len(text.rstrip("`")))
    return text[ticks:-ticks].split("\n") if 0 < ticks < len(text) / 2 else lines


def _unnumbered(lines: Sequence[str]) -> Way | None:
    """Without the numbers in front, if every line has one and they rise; removed lines have none and are not there."""
    kept: list[str] = []
    numbers: list[int] = []
    for line in lines:
        if not line.strip() or _REMOVED.match(line):
            continue
        found = _NUMBERED.match(line)
        if found:
            numbers.append(int(found[1]))
        elif not _GAP_LINE.match(line):
            return None
        kept.append(line[found.end() :] if found else line)
    rising = all(one < other for one, other in pairwise(numbers))
    return (kept, numbers[0]) if numbers and rising else None


def _unmarked(lines: Sequence[str]) -> Sequence[str]:
    """Without the marks of added lines, if every line is marked as added or has a blank in the place of a mark."""
    marked = all(not line.strip() or line[0] in "+ \t" for line in lines)
    return [_MARKED.sub("", line, count=1) for line in lines] if marked else lines


def _pieces(lines: Sequence[str]) -> Iterator[Piece]:
    """What stands between the marks of what was left out."""
    run, starts_line, reach_lines = "", True, 0
    for line in lines:
        first, *parts = ["", ""] if (apart := _GAP_LINE.match(line)) else map(squeezed, _GAP.split(line))
        run += first
        for part in parts:
            if run:
                yield Piece(run, starts_line, not first, reach_lines)
            run, starts_line, reach_lines = part, False, 0 if first or not run else 1
            first = part
        if apart or not run:
            run, starts_line, reach_lines = "", True, GAP_MAX_LINES
    if run:
        yield Piece(run, starts_line, reach_lines=reach_lines)
