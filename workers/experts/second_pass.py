"""The review as a whole validated, and one pass by a stronger model where it is not good enough."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from workers.domain.task import Models
from workers.experts import meta
from workers.experts.heard import Heard
from workers.experts.meta import Assessment
from workers.experts.similarity import Nearness

AskAgain = Callable[[Models], Awaitable[Heard]]
"""The same questions to these models, one each."""


@dataclass(frozen=True, slots=True)
class Validated:
    """What models said, without what is no finding, and how good it is as a whole; `again`: after a second pass."""

    heard: Heard
    assessment: Assessment
    again: bool = False


def validated(heard: Heard, nearness: Nearness, *, english: bool = True) -> Validated:
    """Take out what is no finding, and assess the rest."""
    found = meta.sifted(heard.findings, heard.rejected, nearness=nearness, english=english)
    return Validated(replace(heard, findings=found.findings, rejected=found.rejected), found.assessment)


async def with_second_pass(
    first: Validated, models: Models, ask_again: AskAgain, nearness: Nearness, *, english: bool = True
) -> Validated:
    """The better of `first` and what a stronger model says; the calls of both.

    `first` alone where no stronger model than those that spoke would answer.
    """
    stronger = models.stronger()
    if not await _is_stronger(stronger, first.heard):
        return first
    heard = await ask_again(stronger)
    second = validated(heard, nearness, english=english)
    better, other = (first, second) if _standing(first) >= _standing(second) else (second, first)
    calls = (*first.heard.calls, *second.heard.calls)
    spared = better.heard.spared or other.heard.spared
    return replace(better, heard=replace(better.heard, calls=calls, spared=spared), again=True)


async def _is_stronger(stronger: Models, heard: Heard) -> bool:
    """Whether it would be another model than those whose answers are at hand."""
    if heard.sample is None:
        return False
    return await stronger.first_choice(heard.sample) not in {None, *heard.models()}


def _standing(one: Validated) -> tuple[bool, float]:
    """What was read counts before how good it is: silence after a failure is no quality."""
    score = one.assessment.score
    return not one.heard.failures, 1.0 if score is None else score
