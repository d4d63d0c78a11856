"""The table of `make chaos`: every promise, then once more what did not hold, where a log shows only its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.chaos.parts import Ended, minutes
from tests.chaos.rows import Row, Verdict

BROKEN_MAX = 10
NOTE_MAX = 300


def table(ended: Sequence[Ended], took_s: float) -> str:
    """All of it."""
    lines = [line for one in ended for line in _part(one)]
    return "\n".join([*lines, "", *_end(ended, took_s)])


def _part(ended: Ended) -> Iterator[str]:
    yield ""
    yield f"{ended.name} ({minutes(ended.took_s)})"
    width = max(len(row.promise) for row in ended.rows)
    measured = max(len(row.measured) for row in ended.rows)
    for row in ended.rows:
        shown = (
            f"  {row.verdict:<10}  {row.promise:<{width}}  {row.measured:<{measured}}  {row.note[:NOTE_MAX]}"
        )
        yield shown.rstrip()


def _end(ended: Sequence[Ended], took_s: float) -> Iterator[str]:
    found = Counter(row.verdict for one in ended for row in one.rows)
    counted = ", ".join(f"{count} {verdict}" for verdict, count in found.items() if verdict)
    yield f"{counted}; {minutes(took_s)} in all"
    broken = [(one.name, row) for one in ended for row in one.rows if row.verdict is Verdict.BROKEN]
    if broken:
        yield f"NOT AS PROMISED ({len(broken)}):"
    yield from (_again(name, row) for name, row in broken[:BROKEN_MAX])
    if len(broken) > BROKEN_MAX:
        yield f"  and {len(broken) - BROKEN_MAX} more, above"


def _again(name: str, row: Row) -> str:
    return f"  {name}: {row.promise}: {row.measured} {row.note[:NOTE_MAX]}".rstrip()
