"""What nobody read, or not all of it, one line a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workers.domain.review import Coverage
from workers.pipelines.coverage import WANTED

LINES_MAX = 50


def gaps(coverage: Sequence[Coverage]) -> Iterator[str]:
    """At most LINES_MAX lines and how many more there are; what needs no reading is left out."""
    found = [entry for entry in coverage if _is_gap(entry)]
    yield from (f"not fully read: {entry.path}: {_why(entry)}" for entry in found[:LINES_MAX])
    if len(found) > LINES_MAX:
        yield f"not fully read: {len(found) - LINES_MAX} more; --format json lists all"


def _is_gap(entry: Coverage) -> bool:
    return bool(entry.detail) if entry.omitted is None else entry.omitted not in WANTED


def _why(entry: Coverage) -> str:
    return ", ".join(filter(None, (entry.omitted, entry.detail)))
