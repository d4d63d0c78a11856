"""A clock that stands still until it is told to move."""

from __future__ import annotations


class Clock:
    """Call it for the time, in epoch seconds."""

    def __init__(self, at: float = 1_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += seconds
