"""What whoever calls `make chaos` wants of it."""

from __future__ import annotations

from dataclasses import dataclass

DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Asked:
    """`minutes` of storm and of load, `pulls` on each database, `cut_s` that a host is cut off; None: as is usual."""

    seed: int = 1
    short: bool = False
    minutes: float | None = None
    pulls: int | None = None
    cut_s: float | None = None
    databases: tuple[str, ...] = DATABASES
