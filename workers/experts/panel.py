"""Who is asked the same: models of different families, more of them the harder the question is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workers.domain.task import Models, Task
from workers.experts.questions import Asking
from workers.llm.routing.values import Band, Wanted

SEATS_MAX: dict[Band, int] = {"simple": 1, "moderate": 2}
"""Second opinions cost as much as first ones, so they are for what is worth them."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A question and the models of one family that it goes to, blind to all others. `number` counts from 0."""

    asking: Asking
    models: Models
    number: int = 0


def seats_for(task: Task[Any], seats_max: int) -> int:
    """How many are asked: one for what is simple, two for what is not, all for what is hard or risky."""
    return seats_in(band_of(task), seats_max)


def seats_in(band: Band, seats_max: int) -> int:
    """How many are asked what is as hard as `band` says."""
    return min(seats_max, SEATS_MAX.get(band, seats_max))


def band_of(task: Task[Any]) -> Band:
    """How hard a question is, as the router sees it."""
    return Wanted(task.kind, task.complexity, task.risky).band


async def seated(models: Models, questions: Sequence[Asking], seats_max: int) -> list[Seat]:
    """Every question with each of its seats: who is asked the same stands side by side, and begins together.

    The first about each batch come before the second about any: the others wait until its beginning is kept. The
    panel is chosen once for questions of one kind, by the longest of them. Raises BudgetAwayError.
    """
    panels = {band: await _panel(models, of, seats_max) for band, of in _by_band(questions).items()}
    found = [
        (turn, Seat(one, seat, number))
        for turn, one in zip(_turns(questions), questions, strict=True)
        for number, seat in enumerate(panels[_kind(one.task)])
    ]
    return [seat for _, seat in sorted(found, key=lambda one: one[0])]


def _turns(questions: Sequence[Asking]) -> Iterator[int]:
    """How many were asked about the same before each, from 0; a beginning is compared by identity, it is long."""
    asked: Counter[int] = Counter()
    for one in questions:
        yield asked[id(one.batch)]
        asked[id(one.batch)] += 1


async def _panel(models: Models, questions: Sequence[Asking], seats_max: int) -> Sequence[Models]:
    longest = max(questions, key=lambda one: len(one.task.prefix) + len(one.task.prompt)).task
    count = seats_for(longest, seats_max)
    if count == 1:
        return [models]  # any family may answer in another's place
    return await models.panel(longest, count) or [models]  # whoever is asked then says why nobody may be


def _kind(task: Task[Any]) -> tuple[Band, bool]:
    return band_of(task), task.risky


def _by_band(questions: Sequence[Asking]) -> dict[tuple[Band, bool], list[Asking]]:
    found: dict[tuple[Band, bool], list[Asking]] = {}
    for one in questions:
        found.setdefault(_kind(one.task), []).append(one)
    return found
