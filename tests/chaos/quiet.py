"""Whether anybody else uses this machine: what judges time says nothing of Quorum then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tests.chaos.parts import ENDS
from tests.chaos.rows import Row, Verdict

LOOK_S = 3.0
BUSY_MAX = 0.15
"""Of all processors' time; nothing of ours runs while it is looked at."""
IDLE, IO_WAIT = 3, 4
Ticks = tuple[int, int]
"""In all, and spent on something."""


async def busy_share(stat: Path = Path("/proc/stat")) -> float:
    """Of the processors' time in the next seconds."""
    before = ticks(stat.read_text(encoding="ascii"))
    await asyncio.sleep(LOOK_S)
    after = ticks(stat.read_text(encoding="ascii"))
    return (after[1] - before[1]) / max(1, after[0] - before[0])


def ticks(stat: str) -> Ticks:
    """What the first line of /proc/stat counts."""
    counts = [int(count) for count in stat.partition("\n")[0].split()[1:9]]
    return sum(counts), sum(counts) - counts[IDLE] - counts[IO_WAIT]


def told_of(rows: Iterable[Row], share: float) -> list[Row]:
    """What did not hold is no verdict on a machine that had other things to do; what held, held all the more.

    What came to no end at all is no question of time.
    """
    if share <= BUSY_MAX:
        return list(rows)
    why = f"the machine was busy with others: {share:.0%}"
    return [
        replace(row, verdict=Verdict.UNJUDGED, note=f"{why} {row.note}".rstrip())
        if row.verdict is Verdict.BROKEN and row.promise != ENDS
        else row
        for row in rows
    ]
