"""Which lines of a patch may carry a comment, and what GitHub says of the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_HEADER = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True, slots=True)
class Place:
    """A commentable line: its hunk and its row in the patch (the first hunk header is row 0)."""

    hunk: int
    row: int


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch's rows, and the lines of both sides that they show."""

    rows: tuple[str, ...]
    right: dict[int, Place]
    left: dict[int, Place]

    def side(self, name: str) -> dict[int, Place]:
        """The commentable lines of LEFT or RIGHT."""
        return self.left if name == "LEFT" else self.right

    def excerpt(self, place: Place) -> str:
        """The hunk from its header down to the place, as a comment's diff_hunk shows it."""
        start = max(row for row in range(place.row + 1) if _HEADER.match(self.rows[row]))
        return "\n".join(self.rows[start : place.row + 1])


def read_patch(text: str) -> Patch:
    """Number the lines of a patch as the files API gives it."""
    rows = tuple(text.split("\n"))
    starts = [row for row, line in enumerate(rows) if _HEADER.match(line)]
    right: dict[int, Place] = {}
    left: dict[int, Place] = {}
    for hunk, (start, end) in enumerate(pairwise([*starts, len(rows)])):
        header = _HEADER.match(rows[start])
        if header is not None:
            _number(rows, range(start + 1, end), hunk, (int(header[1]), int(header[2])), (left, right))
    return Patch(rows, right, left)


def _number(
    rows: tuple[str, ...],
    body: range,
    hunk: int,
    numbers: tuple[int, int],
    sides: tuple[dict[int, Place], dict[int, Place]],
) -> None:
    old, new = numbers
    left, right = sides
    for row in body:
        mark = rows[row][:1]
        if mark in ("-", " "):
            left[old] = Place(hunk, row)
            old += 1
        if mark in ("+", " "):
            right[new] = Place(hunk, row)
            new += 1


def refusals(patch: Patch, line: int, side: str, start_line: int | None, start_side: str | None) -> list[str]:
    """GitHub's objections to a comment on these lines; none when it may stand there."""
    end = patch.side(side).get(line)
    if end is None:
        return ["Pull request review thread line must be part of the diff"]
    if start_line is None:
        return []
    start = patch.side(start_side or side).get(start_line)
    if start is None:
        return ["Pull request review thread start line must be part of the diff"]
    if start.row >= end.row:
        return ["Pull request review thread start line must precede the end line."]
    if start.hunk != end.hunk:
        return ["Pull request review thread start line must be part of the same hunk as the line."]
    return []
