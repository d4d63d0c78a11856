"""What an audit says: scores in points with a reason for each, and the words of models beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workers.domain.question import Evidence
from workers.domain.review import Planned
from workers.domain.usage import Call

PERSONS = frozenset({"architect", "aggregator"})
"""Names that say who somebody is; the others say from which side they look."""


def called(name: str) -> str:
    """A specialist as people are told of them: "architect", "business specialist"."""
    return name if name in PERSONS else f"{name} specialist"


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and a line from 1."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Criterion:
    """One reason for a score: `points` of at most `most`, for what was `looked_at`, by what was `found` in `places`.

    `most` 0: it has no meaning here, and counts for nothing.
    """

    name: str
    points: float
    most: float
    looked_at: str
    found: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of its criteria, scaled to 0..`out_of`; None where none of them has a meaning."""

    name: str
    out_of: float
    criteria: tuple[Criterion, ...]

    @property
    def value(self) -> float | None:
        """0 to `out_of`, to one digit."""
        most = sum(one.most for one in self.criteria)
        points = sum(min(max(one.points, 0.0), one.most) for one in self.criteria)
        return round(self.out_of * points / most, 1) if most else None


@dataclass(frozen=True, slots=True)
class Scores:
    """The static half: `code` of 10, `deployment` and `documentation` of 100."""

    code: Score
    deployment: Score
    documentation: Score


@dataclass(frozen=True, slots=True)
class Proof:
    """What one specialist rests on: quotes that stand in the code, and how many did not."""

    evidence: tuple[Evidence, ...]
    dropped: int


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit. `results` is what the models said, in the form that the design names; None: nobody was asked.

    `failed` says of each who was asked and gave no answer why; `proofs` by specialist. `shown` are the files of which
    models saw something, of `read` that were read. `quality` (0 to 1) is the share of quotes that are in the code,
    `validated` whether everybody answered and most quotes are; None: nobody was asked, or quoted anything.
    """

    scores: Scores
    results: Mapping[str, object] | None
    read: int
    shown: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    planned: tuple[Planned, ...] = ()
    quality: float | None = None
    validated: bool | None = None
