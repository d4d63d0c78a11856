"""What goes wrong, and in which order: pure, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

GAP_S = (0.6, 2.0)
HELD_S = (0.5, 3.0)
"""How long something stays broken."""
EVERYWHERE = (
    "worker killed",
    "worker frozen past its lease",
    "worker asked to stop",
    "receiver killed",
    "Valkey emptied",
    "Valkey killed, started empty",
    "Valkey: latency",
    "Valkey: reset",
    "Valkey: half-open",
    "Valkey: drip",
    "GitHub: answers lost",
    "GitHub: bad gateways",
    "GitHub: secondary limit",
    "GitHub: credentials refused",
    "model fails",
    "heads pushed",
    "closed and reopened",
)
ON_POSTGRESQL = ("database: latency", "database: reset", "database: half-open", "database: drip")
ON_SQLITE = ("disk full",)


@dataclass(frozen=True, slots=True)
class Blow:
    """`kind` begins `after_s` after the blow before it, and lasts `held_s`."""

    kind: str
    after_s: float
    held_s: float


def blows(seed: int, kinds: Sequence[str]) -> Iterator[Blow]:
    """Without end; every kind comes once before any comes twice."""
    dice = random.Random(seed)
    while True:
        for kind in dice.sample(kinds, len(kinds)):
            yield Blow(kind, dice.uniform(*GAP_S), dice.uniform(*HELD_S))


def kinds_for(database: str) -> tuple[str, ...]:
    """What can go wrong with this kind of database."""
    return (*EVERYWHERE, *(ON_POSTGRESQL if database == "postgresql" else ON_SQLITE))
