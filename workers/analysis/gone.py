"""Which of the lines that came were there before, elsewhere: what is gone explains what came once, not twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from workers.analysis.form import Form, form_of
from workers.analysis.page import Span

GONE_MAX_CHARS = 400_000
"""How much of what is gone is searched for what only moved."""
PIECE_MAX_LINES = 40
TELLING_MIN_WORDS = 4
"""A run of fewer words may stand anywhere: it proves no move."""
EDITED_MAX_WORDS = 60
EDITED_MIN_SHARE = 0.5
TRIES_MAX = 20
"""So many places of a piece are tried, where the first ones are used up."""


_Piece = tuple[int, int, int]
"""Less the number of its lines, the number of its run, its first line."""
Place = tuple[str, int]
"""A path and a line (from 1)."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that follow one another: their words, their numbers, and where the lines began whose place they took."""

    form: Form
    first: int
    last: int
    place: Place


@dataclass(slots=True)
class Gone:
    """The words that stand no more where they stood, of a whole change; `_used` marks what came again."""

    flat: str
    _bounds: Mapping[Place, Span] = field(repr=False)
    _used: bytearray = field(repr=False)

    @classmethod
    def of(cls, runs: Iterable[Run]) -> Gone:
        """What is gone, up to GONE_MAX_CHARS of it."""
        parts: list[str] = []
        bounds: dict[Place, Span] = {}
        size = 0
        for run in runs:
            if size + len(run.form.flat) > GONE_MAX_CHARS:
                break
            bounds[run.place] = size, size + len(run.form.flat)
            parts.append(run.form.flat)
            size += len(run.form.flat) + 1
        flat = "\1".join(parts)
        return cls(flat, bounds, bytearray(len(flat)))

    def in_place(self, run: Run) -> Iterator[int]:
        """The lines of `run` that say what it took the place of; a few lines that were edited there left nothing else."""
        bounds = self._bounds.get(run.place)
        if bounds is None:
            return
        yield from self._known([run], bounds)[0]
        gone = self.flat[bounds[0] : bounds[1]].split("\0")
        if len(gone) <= EDITED_MAX_WORDS and _share(gone, run.form.words) >= EDITED_MIN_SHARE:
            self._used[bounds[0] + 1 : bounds[1] - 1] = b"\1" * (bounds[1] - bounds[0] - 2)

    def known(self, runs: Sequence[Run]) -> list[set[int]]:
        """The lines of each of `runs` that stood elsewhere, in pieces that tell enough, the longest of all first."""
        return self._known(runs, (0, len(self.flat)))

    def _known(self, runs: Sequence[Run], bounds: Span) -> list[set[int]]:
        found: list[set[int]] = [set() for _ in runs]
        rest = [piece for at, run in enumerate(runs) for piece in self._pieces(at, run, bounds)]
        heapify(rest)
        while rest:
            size, at, start = heappop(rest)
            run, known = runs[at], found[at]
            stop = min((line for line in range(start, start - size) if line in known), default=start - size)
            if stop == start - size and self._use(_piece(run, start, stop - 1), bounds):
                known.update(range(start, stop))
            elif -size > run.last - run.first:
                for piece in self._starts(at, run, bounds):
                    heappush(rest, piece)
            elif (reach := self._reach(run, start, bounds, stop)) > start and start - reach > size:
                heappush(rest, (start - reach, at, start))
        return found

    def _pieces(self, at: int, run: Run, bounds: Span) -> Iterator[_Piece]:
        """The whole run, if it is known; else what is, from each of its lines on."""
        if len(run.form.words) >= TELLING_MIN_WORDS and self._find(run.form, bounds) >= 0:
            yield run.first - run.last - 1, at, run.first
        else:
            yield from self._starts(at, run, bounds)

    def _starts(self, at: int, run: Run, bounds: Span) -> Iterator[_Piece]:
        for start in range(run.first, run.last + 1):
            if (reach := self._reach(run, start, bounds)) > start:
                yield start - reach, at, start

    def _reach(self, run: Run, start: int, bounds: Span, before: int | None = None) -> int:
        """The line after the longest known piece that begins at `start`; `start` itself if there is none."""
        told = start
        for stop in range(start, min(before or run.last + 1, start + PIECE_MAX_LINES)):
            if stop > run.last:
                break
            piece = _piece(run, start, stop)
            if self._find(piece, bounds) < 0:
                break
            told = stop + 1 if len(piece.words) >= TELLING_MIN_WORDS else told
        return told

    def _find(self, piece: Form, bounds: Span) -> int:
        """Where it stands, not used yet; -1 for nowhere."""
        at, size = bounds[0] - 1, len(piece.flat)
        for _ in range(TRIES_MAX):
            at = self.flat.find(piece.flat, at + 1, bounds[1])
            used = self._used.find(1, at + 1, at + size - 1)
            if at < 0 or used < 0:
                return at
            free = self._used.find(0, used)
            if free < 0:
                return -1
            at = max(at, free - 2)  # a piece begins with the mark before its first word
        return -1

    def _use(self, piece: Form, bounds: Span) -> bool:
        """Mark it as come again; False if it is not there, or no more."""
        at, size = self._find(piece, bounds), len(piece.flat)
        if at >= 0:
            self._used[at + 1 : at + size - 1] = b"\1" * (size - 2)
        return at >= 0


def _share(gone: Iterable[str], came: Iterable[str]) -> float:
    """How many of the words that are gone came again, 0 to 1."""
    wanted, here = (Counter(word for word in words if word.isalnum()) for words in (gone, came))
    return (wanted & here).total() / max(1, wanted.total())


def _piece(run: Run, first: int, last: int) -> Form:
    return run.form.between(first - run.first + 1, last - run.first + 1)


def run_of(lines: Sequence[str], span: Span, path: str, place: Place) -> Run:
    """The lines `span` of a file."""
    first, last = span
    return Run(form_of("\n".join(lines[first - 1 : last]), path), first, last, place)
