"""What goes wrong, and in which order: pure, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

GAP_S = (0.1, 0.7)
HELD_S = (0.5, 3.0)
"""How long something stays broken."""
EVERYWHERE = (
    "worker killed",
    "worker frozen past its lease",
    "worker asked to stop",
    "worker's clock jumps",
    "receiver killed",
    "receiver's clock jumps",
    "Valkey emptied",
    "Valkey killed, started empty",
    "Valkey killed, started on its AOF",
    "Valkey put back to what it was",
    "Valkey: latency",
    "Valkey: reset",
    "Valkey: half-open",
    "Valkey: drip",
    "GitHub: answers lost",
    "GitHub: bad gateways",
    "GitHub: hour used up",
    "GitHub: secondary limit",
    "GitHub: secondary limit as 429",
    "GitHub: App limited",
    "GitHub: credentials refused",
    "model fails",
    "heads pushed",
    "closed and reopened",
)
LASTING = ("GitHub: secondary limit without a time",)
"""These are waited for a minute and longer, so they come first."""
ON_POSTGRESQL = ("database: latency", "database: reset", "database: half-open", "database: drip")
ON_SQLITE = ("disk full",)
VALKEYS_CLOCK, DATABASES_CLOCK = "Valkey's clock jumps", "database's clock jumps"
"""These need a library that may be absent."""


@dataclass(frozen=True, slots=True)
class Blow:
    """`kind` begins `after_s` after the blow before it, and lasts `held_s`."""

    kind: str
    after_s: float
    held_s: float


def blows(seed: int, kinds: Sequence[str], hurry: float = 1.0) -> Iterator[Blow]:
    """Without end; every kind comes once before any comes twice. `hurry` is how much shorter all times are."""
    dice = random.Random(seed)
    lasting, others = (
        [kind for kind in kinds if kind in LASTING],
        [one for one in kinds if one not in LASTING],
    )
    while True:
        for kind in lasting + dice.sample(others, len(others)):
            yield Blow(kind, dice.uniform(*GAP_S) / hurry, dice.uniform(*HELD_S) / hurry)


def kinds_for(database: str, *, clocks: bool = True, short: bool = False) -> tuple[str, ...]:
    """What can go wrong with this kind of database; `clocks`: also with those that Valkey and a server have.

    `short`: without what takes a minute to be over.
    """
    own = (*ON_POSTGRESQL, DATABASES_CLOCK) if database == "postgresql" else ON_SQLITE
    kinds = (*EVERYWHERE, *own, VALKEYS_CLOCK, *(() if short else LASTING))
    return tuple(kind for kind in kinds if clocks or kind not in (VALKEYS_CLOCK, DATABASES_CLOCK))
