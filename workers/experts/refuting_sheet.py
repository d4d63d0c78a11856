"""A changed file as the refuter reads it: the whole head in numbered lines, changes marked, as far as there is room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from workers.domain.change import ChangedFile, Hunk
from workers.experts.excerpt import CUT, LINE_MAX_CHARS
from workers.experts.masking import masked
from workers.experts.substance import acts, substance

GAP = "     …"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the head, or a removed one, which has the number of the line that it stood before."""

    number: int
    mark: str
    text: str

    def __str__(self) -> str:
        place = "" if self.mark == "-" else str(self.number)
        text = self.text if len(self.text) <= LINE_MAX_CHARS else self.text[:LINE_MAX_CHARS] + CUT
        return f"{place:>6} {self.mark}| {text}"


@dataclass(frozen=True)
class Sheet:
    """A file's rows, or those of them that are shown. No secret of several lines is in them.

    `substance` has every line of the head without what only talks; `acts`: it is code, and no text or data.
    """

    path: str
    heading: str
    rows: tuple[Row, ...] = field(repr=False)
    substance: tuple[str, ...] = field(repr=False)
    acts: bool

    def __str__(self) -> str:
        return self._told

    @cached_property
    def _told(self) -> str:
        """It is measured before it is shown."""
        return "\n".join((self.heading, *_lines(self.rows)))

    def head(self) -> tuple[tuple[int, str], ...]:
        """The head's lines among its rows, with their numbers."""
        return tuple((row.number, row.text) for row in self.rows if row.mark != "-")


def sheet_of(file: ChangedFile) -> Sheet:
    """All of `file`, whose head's text must be known."""
    [hunk] = masked(replace(file, hunks=(_whole(file),))).hunks
    heading = f"=== {' '.join(file.path.split())} ({file.status.value})"
    text = file.text or ""
    return Sheet(file.path, heading, tuple(_rows(hunk)), substance(text, file.path), acts(file.path, text))


def fitted(sheet: Sheet, places: Sequence[range], max_chars: int) -> Sheet | None:
    """`sheet` with as many lines around `places` (numbers of the head) as fit; None: not even those do."""
    left = max_chars - len(sheet.heading) - (len(places) + 1) * (len(GAP) + 1)
    if len(str(sheet)) - len(sheet.heading) <= left:  # as most do
        return sheet if sheet.rows else None
    apart = [min(_distance(row.number, place) for place in places) for row in sheet.rows]
    chars: dict[int, int] = defaultdict(int)
    for row, distance in zip(sheet.rows, apart, strict=True):
        chars[distance] += len(str(row)) + 1
    reach = -1
    for distance in sorted(chars):
        left -= chars[distance]
        if left < 0:
            break
        reach = distance
    rows = tuple(row for row, distance in zip(sheet.rows, apart, strict=True) if distance <= reach)
    return replace(sheet, rows=rows) if rows else None


def _distance(number: int, place: range) -> int:
    return max(place.start - number, number - place.stop + 1, 0)


def _whole(file: ChangedFile) -> Hunk:
    """The head as one hunk: what was removed stands where it stood."""
    lines = (file.text or "").removesuffix("\n").split("\n")
    added, removed = file.added_lines(), _removed(file)
    rows: list[str] = []
    for number, line in enumerate(lines, start=1):
        rows += [*removed.pop(number, ()), f"{'+' if number in added else ' '}{line}"]
    rows += [line for number in sorted(removed) for line in removed[number]]
    return Hunk(1, 0, 1, len(lines), tuple(rows))


def _removed(file: ChangedFile) -> dict[int, list[str]]:
    """Removed lines by the number of the head's line that they stood before."""
    found: dict[int, list[str]] = defaultdict(list)
    for hunk in file.hunks:
        number = hunk.new_start if hunk.new_count else hunk.new_start + 1
        for line in hunk.lines:
            if line.startswith("-"):
                found[number].append(line)
            number += not line.startswith(("-", "\\"))
    return found


def _rows(hunk: Hunk) -> Iterator[Row]:
    number = 1
    for line in hunk.lines:
        yield Row(number, line[0], line[1:])
        number += not line.startswith("-")


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    last = 0
    for row in rows:
        if row.number > last + 1:
            yield GAP
        last = row.number
        yield str(row)
