"""The ladder down when money is short: cheaper models, fewer sides, changed lines only, later, or an honest no."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workers.domain.budget import Refusal
from workers.domain.change import ChangedFile, Hunk
from workers.domain.finding import Aspect
from workers.domain.task import Models, Task
from workers.llm.money import Rung, renews_at, sentence

ESSENTIAL = (Aspect.SECURITY, Aspect.QUALITY)
"""The sides that are looked at when there is no money for all."""


@dataclass(frozen=True, slots=True)
class Way:
    """One rung: who is asked, how many of them the same, from which sides, about how much of each file."""

    rung: Rung
    models: Models
    seats_max: int = 1
    essential_only: bool = False
    changed_only: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the money is enough for. `said` is a sentence for people, "" when nothing was spared. `way` None: for
    nothing; `again_at` (epoch seconds) is when it will be.
    """

    way: Way | None
    said: str = ""
    again_at: float | None = None


Costs = Sequence[tuple[Models, Task[Any]]]
"""Questions, each with the models that it goes to."""


def ways(models: Models, seats_max: int) -> Iterator[Way]:
    """Best first."""
    thrifty = models.cheaper()
    yield Way(Rung.FULL, models, seats_max)
    if seats_max > 1:
        yield Way(Rung.FEWER_MODELS, models)
    yield Way(Rung.CHEAPER_TIER, thrifty)
    yield Way(Rung.FEWER_EXPERTS, thrifty, essential_only=True)
    yield Way(Rung.CHANGED_HUNKS, thrifty, essential_only=True, changed_only=True)


async def choose(
    models: Models,
    seats_max: int,
    costs_of: Callable[[Way], Awaitable[Costs]],
    now: Callable[[], float],
) -> Chosen:
    """The best way that the run's budget covers at worst. `now` gives epoch seconds. Raises BudgetAwayError."""
    if await models.left_micros() is None:
        return Chosen(Way(Rung.FULL, models, seats_max))
    first: Refusal | None = None
    cheapest: tuple[int, Refusal] | None = None
    for way in ways(models, seats_max):
        micros = await _worst_micros(await costs_of(way))
        refusal = await models.afford(micros)
        if refusal is None:
            return Chosen(way, sentence(way.rung, first, now()) if first else "")
        first = first or refusal
        if cheapest is None or micros < cheapest[0]:
            cheapest = micros, refusal
    assert cheapest is not None  # noqa: S101 - there are ways, and each was refused
    return _later_or_never(*cheapest, now())


def _later_or_never(micros: int, refusal: Refusal, now: float) -> Chosen:
    again_at = renews_at(refusal.limit, now) if micros <= refusal.limit.micros else None
    rung = Rung.REFUSED if again_at is None else Rung.QUEUE
    return Chosen(None, sentence(rung, refusal, now), again_at)


async def _worst_micros(costs: Costs) -> int:
    """What they cost at most; a price that nobody knows counts as nothing: the gateway decides about those."""
    return sum([await models.worst_micros(task) or 0 for models, task in costs])


def changed_lines(files: Sequence[ChangedFile]) -> tuple[ChangedFile, ...]:
    """`files` without the unchanged lines around each change."""
    return tuple(replace(file, hunks=tuple(_cores(file.hunks))) for file in files)


def _cores(hunks: Sequence[Hunk]) -> Iterator[Hunk]:
    """Each run of changed lines as a hunk of its own."""
    for hunk in hunks:
        run: list[str] = []
        old = new = 0
        start = (hunk.old_start, hunk.new_start)
        for line in (*hunk.lines, " "):
            if line[:1] not in ("+", "-", "\\"):
                if run:
                    yield _hunk(run, start, hunk.section)
                    run = []
                old, new = old + 1, new + 1
                continue
            if not run:
                start = (hunk.old_start + old, hunk.new_start + new)
            run.append(line)
            old += line.startswith("-")
            new += line.startswith("+")


def _hunk(lines: Sequence[str], start: tuple[int, int], section: str) -> Hunk:
    removed = sum(line.startswith("-") for line in lines)
    added = sum(line.startswith("+") for line in lines)
    return Hunk(start[0], removed, start[1], added, tuple(lines), section)
