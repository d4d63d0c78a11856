"""Where a comment may stand: GitHub refuses a whole review for one line that is outside the diff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workers.domain.change import ChangedFile, Hunk
from workers.github.values import FileComment, InlineComment

INLINE_MAX = 30
FILE_MAX = 10
REACH_LINES = 3


@dataclass(frozen=True, slots=True)
class Placement:
    """Comments by the place that GitHub accepts. `summary` holds those for which no such place is left."""

    inline: tuple[InlineComment, ...]
    files: tuple[FileComment, ...]
    summary: tuple[InlineComment | FileComment, ...]


def place(
    comments: Iterable[InlineComment | FileComment],
    files: Sequence[ChangedFile],
    *,
    inline_max: int = INLINE_MAX,
    file_max: int = FILE_MAX,
) -> Placement:
    """Sort `comments`, best first, into places; each is in exactly one of them, in its order.

    A range is kept if it fits, else cut to its hunk, else moved to the nearest line of a hunk at most three lines
    away (without its suggestion), else it becomes a comment on the file.
    """
    by_path = {file.path: file for file in files}
    inline: list[InlineComment] = []
    on_files: list[FileComment] = []
    rest: list[InlineComment | FileComment] = []
    for comment in comments:
        placed = _placed(comment, by_path)
        if isinstance(placed, InlineComment) and len(inline) < inline_max:
            inline.append(placed)
        elif isinstance(placed, FileComment) and len(on_files) < file_max:
            on_files.append(placed)
        else:
            rest.append(comment)
    return Placement(tuple(inline), tuple(on_files), tuple(rest))


def anchor(comment: InlineComment, hunks: Sequence[Hunk]) -> InlineComment | None:
    """`comment` on lines that one hunk shows on the right side, or None when there are none near."""
    start = comment.line if comment.start_line is None else min(comment.start_line, comment.line)
    end = comment.line if comment.start_line is None else max(comment.start_line, comment.line)
    for fit in (_whole, _cut, _near):
        for hunk in hunks:
            lines = fit(start, end, hunk.right)
            if lines is not None:
                return _moved(comment, *lines)
    return None


def _placed(
    comment: InlineComment | FileComment, files: Mapping[str, ChangedFile]
) -> InlineComment | FileComment | None:
    file = files.get(comment.path)
    if file is None or isinstance(comment, FileComment):
        return comment if file else None
    anchored = anchor(comment, file.hunks) if comment.side == "RIGHT" else None
    return anchored or FileComment(comment.path, comment.plain_body or comment.body, comment.fingerprint)


Lines = tuple[int, int]


def _whole(start: int, end: int, right: range) -> Lines | None:
    return (start, end) if start in right and end in right else None


def _cut(start: int, end: int, right: range) -> Lines | None:
    """The part of the range that the hunk shows."""
    first, last = max(start, right.start), min(end, right.stop - 1)
    return (first, last) if first <= last else None


def _near(start: int, end: int, right: range) -> Lines | None:
    """The hunk's line next to the range, if it is close."""
    if not right:
        return None
    nearest = right.start if end < right.start else right.stop - 1
    distance = nearest - end if end < right.start else start - nearest
    return (nearest, nearest) if distance <= REACH_LINES else None


def _moved(comment: InlineComment, start: int, end: int) -> InlineComment:
    """`comment` on `start..end`; equal lines are one line, as GitHub wants `start_line` strictly before `line`."""
    before = (
        min(comment.start_line or comment.line, comment.line),
        max(comment.start_line or 0, comment.line),
    )
    body = comment.body if (start, end) == before else comment.plain_body or comment.body
    return replace(comment, line=end, start_line=start if start < end else None, body=body)
