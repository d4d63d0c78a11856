"""How the experts work together: all at once, one after the other, or a stronger model where the first was not enough."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from workers.domain.finding import Finding
from workers.domain.task import DRY_RUN, Models
from workers.domain.usage import Call
from workers.experts.heard import Answered, Outcome, Unanswered, share_kept, statements
from workers.experts.panel import Seat
from workers.experts.questions import Asking, Inquiry
from workers.experts.reported import with_reported

Mode = Literal["pipeline", "parallel", "backtrack"]
Ask = Callable[[Seat], Awaitable[Outcome]]

HOPELESS = frozenset({"budget", "no model", DRY_RUN})
"""Failures that no other try can change."""


@dataclass(frozen=True, slots=True)
class Backtracking:
    """When an answer is not enough, and how long is waited before a stronger model is asked."""

    share_min: float = 0.85
    tries_max: int = 2
    wait_first_s: float = 1.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True, slots=True)
class Asked:
    """The outcomes that count, and the calls of those that don't."""

    outcomes: Sequence[Outcome]
    given_up: Sequence[Call] = ()


async def in_parallel(seats: Sequence[Seat], ask: Ask) -> Asked:
    """All at once, blind to each other."""
    return Asked(await asyncio.gather(*map(ask, seats)))


async def in_pipeline(seats: Sequence[Seat], ask: Ask, inquiry: Inquiry) -> Asked:
    """Side by side in their order, each told what was reported of its batch before: nothing is said twice."""
    outcomes: list[Outcome] = []
    reported: dict[tuple[str, ...], list[Finding]] = {}
    for stage in _stages(seats):
        told = [
            replace(seat, asking=_told(seat.asking, reported.get(seat.asking.batch.paths(), ())))
            for seat in stage
        ]
        answers = await asyncio.gather(*map(ask, told))
        outcomes += answers
        for one in answers:
            if isinstance(one, Answered):
                found = (said for said in statements(inquiry, one) if isinstance(said, Finding))
                reported.setdefault(one.asking.batch.paths(), []).extend(found)
    return Asked(outcomes)


async def backtracking(
    seats: Sequence[Seat], ask: Ask, inquiry: Inquiry, stronger: Models, rules: Backtracking
) -> Asked:
    """One model each; what failed or says much that isn't so goes to a stronger one, after growing waits."""
    firsts = [seat for seat in seats if seat.number == 0]
    outcomes = list(await asyncio.gather(*map(ask, firsts)))
    given_up: list[Call] = []
    for number in range(rules.tries_max):
        weak = [place for place, one in enumerate(outcomes) if _is_weak(one, inquiry, rules.share_min)]
        if not weak:
            break
        await rules.sleep(rules.wait_first_s * 2**number)
        again = await asyncio.gather(*(ask(replace(firsts[place], models=stronger)) for place in weak))
        for place, other in zip(weak, again, strict=True):
            outcomes[place], lost = _better(outcomes[place], other, inquiry)
            given_up += lost.calls
    return Asked(outcomes, given_up)


def _stages(seats: Sequence[Seat]) -> Iterable[list[Seat]]:
    found: dict[object, list[Seat]] = {}
    for seat in seats:
        found.setdefault(seat.asking.aspects, []).append(seat)
    return found.values()


def _told(asking: Asking, reported: Sequence[Finding]) -> Asking:
    return with_reported(asking, reported) if reported else asking


def _is_weak(outcome: Outcome, inquiry: Inquiry, share_min: float) -> bool:
    if isinstance(outcome, Unanswered):
        return outcome.error.kind not in HOPELESS
    share = share_kept(statements(inquiry, outcome))
    return share is not None and share < share_min


def _better(one: Outcome, other: Outcome, inquiry: Inquiry) -> tuple[Outcome, Outcome]:
    """The one to keep first; the later one when they are as good."""
    return (one, other) if _standing(one, inquiry) > _standing(other, inquiry) else (other, one)


def _standing(outcome: Outcome, inquiry: Inquiry) -> float:
    if isinstance(outcome, Unanswered):
        return -1.0
    share = share_kept(statements(inquiry, outcome))
    return 1.0 if share is None else share
