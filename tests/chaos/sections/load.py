"""Deliveries at four fifths of what the receiver can take: memory, latency, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator

from tests.chaos.asked import Asked
from tests.chaos.parts import Part

MINUTES = 5.0
AROUND_S = 300.0


def parts(asked: Asked) -> Iterator[Part]:
    """One, on SQLite."""
    minutes = asked.minutes or MINUTES
    yield Part("load", ["-m", "tests.chaos.load", "--minutes", f"{minutes}"], minutes * 60 + AROUND_S)
