"""What stands elsewhere in the repository about a batch, as a model reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workers.experts.batching import Batch
from workers.experts.guidelines import NOTE_MAX_CHARS


@dataclass(frozen=True, slots=True)
class Surrounding:
    """An excerpt of unchanged code that has to do with lines `about` of a changed file.

    `why` is half a sentence ("calls `charge`"), `text` the numbered lines. Lower `rank` is nearer.
    """

    path: str
    line: int
    why: str
    text: str = field(repr=False)
    about: range
    rank: int = 0


def told(found: Mapping[str, Sequence[Surrounding]], batch: Batch, max_chars: int) -> str:
    """The nearest excerpts about `batch`, each place once, whole, in at most `max_chars` characters."""
    shown: list[str] = []
    left, missed = max_chars - NOTE_MAX_CHARS, 0
    for one in _about(found, batch):
        part = f"=== {one.path}: {one.why}\n{one.text}"
        if len(part) + 2 > left:
            missed += 1
            continue
        shown.append(part)
        left -= len(part) + 2
    if missed:
        shown.append(f"({missed} more excerpts left out: no room)"[: max(0, max_chars)])
    return "\n\n".join(shown)


def _about(found: Mapping[str, Sequence[Surrounding]], batch: Batch) -> Iterator[Surrounding]:
    """What has to do with lines that the batch shows, nearest first."""
    near = [
        one
        for path in batch.paths()
        for one in found.get(path, ())
        if any(piece.path == path and _meet(piece.lines, one.about) for piece in batch.pieces)
    ]
    places: set[tuple[str, int]] = set()
    for one in sorted(near, key=lambda one: one.rank):
        if (one.path, one.line) not in places:
            places.add((one.path, one.line))
            yield one


def _meet(first: range, second: range) -> bool:
    return first.start < max(second.stop, second.start + 1) and second.start < max(
        first.stop, first.start + 1
    )
