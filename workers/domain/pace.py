"""How fast an installation may be spoken for, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """`interval_s` between two writes, at most `creations_per_hour` comments and the like in any hour (0: any number).

    https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
    """

    interval_s: float = 1.0
    creations_per_hour: int = 0


UNPACED = Pace(interval_s=0.0)
"""Only what GitHub asks one to wait for holds back: the App's own calls are no content."""


@dataclass(frozen=True, slots=True)
class Turn:
    """When a request may be sent: in `wait_s`. `refused`: not in this job's time, and no place was taken."""

    wait_s: float = 0.0
    refused: bool = False
