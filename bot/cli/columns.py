"""Rows of text in columns, and money as it is shown on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workers.domain.receipt import summed
from workers.domain.usage import Call

UNKNOWN = "unknown"


def table(rows: Sequence[Sequence[str]]) -> str:
    """`rows`, the first of which is the head, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def usd(value: float | None) -> str:
    """US priced; None is unknown, never nothing."""
    if value is None:
        return UNKNOWN
    return f"${value:,.2f}" if value >= 1 or value == 0 else f"${value:.4f}"


def priced(micros: int | None) -> str:
    """Millionths of a dollar with four places; None is unknown."""
    return "an unknown sum" if micros is None else f"${micros / 1e6:.4f}"


def paid(calls: Iterable[Call]) -> str:
    """What `calls` have cost together; one of unknown cost makes the sum unknown."""
    return priced(summed(call.usage.cost_micros for call in calls))
