"""What a part of `make chaos` has to say of each promise, and how it says so to whoever started it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

MARK = "ROWS "


class Verdict(StrEnum):
    """`UNJUDGED`: it was measured and says nothing, and `note` tells why. `TOLD`: a figure without a promise."""

    HOLDS = "holds"
    BROKEN = "BROKEN"
    SKIPPED = "skipped"
    UNJUDGED = "not judged"
    TOLD = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    promise: str
    verdict: Verdict
    measured: str = ""
    note: str = ""


def holds(held: bool) -> Verdict:
    """What a yes or no is in the table."""
    return Verdict.HOLDS if held else Verdict.BROKEN


def told(rows: Iterable[Row]) -> str:
    """The one line by which a process hands its rows over."""
    return MARK + json.dumps([asdict(row) for row in rows])


def heard(line: str) -> list[Row]:
    """What `told` made; raises ValueError for anything else."""
    if not line.startswith(MARK):
        raise ValueError("no rows")
    return [Row(**{**one, "verdict": Verdict(one["verdict"])}) for one in json.loads(line[len(MARK) :])]
