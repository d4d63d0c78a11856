"""The tests pipeline: choose → write → look at → run. Values in, values out.

A test is kept when it was green three times and red on mistakes made on purpose; one that could not be run is kept
and called *not executed*; any other is dropped, and the reason is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.testing.arena import Ground, RunLimits, opened
from workers.analysis.testing.toolchains.port import Toolchain
from workers.analysis.testing.toolchains.registry import Toolchains
from workers.domain.task import Models
from workers.pipelines.documentation.asking import Asking
from workers.pipelines.testing_parts import writing
from workers.pipelines.testing_parts.choosing import Chosen, choose, symbols_of
from workers.pipelines.testing_parts.excerpts import AllShown, shown
from workers.pipelines.testing_parts.judging import Judge
from workers.pipelines.testing_parts.questions import Questions
from workers.pipelines.testing_parts.values import (
    Dropped,
    Kept,
    Tested,
    TestsLimits,
    TestsRequest,
)

__all__ = ["NO_MODEL", "TURNED_OFF", "Proving", "Tested", "TestsLimits", "TestsRequest", "write_tests"]

NO_MODEL = "no model is configured, so there is nobody to write tests"
TURNED_OFF = "`write.tests.run` is off"
NOTHING_RUNS = "nothing here runs it"


@dataclass(frozen=True, slots=True)
class Proving:
    """What tests are read and run with; `seed` chooses mistakes.

    `new_word` gives a word that a test can't guess: its run's result is known by it.
    """

    sandbox: Sandbox
    toolchains: Toolchains
    new_word: Callable[[], str]
    seed: int = 0
    limits: RunLimits = field(default_factory=RunLimits)


async def write_tests(
    request: TestsRequest,
    models: Models | None,
    proving: Proving,
    *,
    boundary: str,
    limits: TestsLimits,
    progress: Callable[[str], None],
) -> Tested:
    """A test file for each module that is worth one; never raises for what a model, a test or a text does."""
    symbols = await symbols_of(request.sources, proving.sandbox, JailLimits())
    chosen = await asyncio.to_thread(choose, request, symbols, limits)
    if models is None:
        return Tested(dropped=(*_all(chosen, NO_MODEL), *chosen.dropped))
    limits = limits.within(models.window_tokens())
    told = await asyncio.to_thread(shown, chosen.subjects, request.files, limits)
    asking = Asking(models, asyncio.Semaphore(limits.asked_at_once_max), progress)
    made = await _written(request, told, asking, proving, Questions(request, limits, boundary))
    return _tested(made, chosen, asking, told.taken_out)


async def _written(
    request: TestsRequest, told: AllShown, asking: Asking, proving: Proving, questions: Questions
) -> list[Kept | Dropped]:
    toolchains = proving.toolchains if request.run else Toolchains(why=TURNED_OFF)

    def judge(ground: Ground | str) -> Judge:
        return Judge(
            proving.sandbox, request.files, ground, toolchains, questions.limits, proving.seed, request.rules
        )

    needed = _needed(told, toolchains)
    if not needed:
        return await _asked(told, asking, questions, judge(NOTHING_RUNS))
    async with opened(proving.sandbox, needed, request.files, proving.limits, proving.new_word) as ground:
        return await _asked(told, asking, questions, judge(ground))


def _needed(told: AllShown, toolchains: Toolchains) -> list[Toolchain]:
    """The toolchains that run tests of what was chosen."""
    found = (toolchains.of(one.subject.habits.framework, one.subject.path) for one in told.shown)
    return [one for one in found if not isinstance(one, str)]


async def _asked(told: AllShown, asking: Asking, questions: Questions, judge: Judge) -> list[Kept | Dropped]:
    made = await asyncio.gather(*(writing.written(one, asking, questions, judge) for one in told.shown))
    return [one for each in made for one in each]


def _all(chosen: Chosen, why: str) -> list[Dropped]:
    return [
        Dropped(one.path, tuple(target.full_name for target in one.targets), why) for one in chosen.subjects
    ]


def _tested(made: Sequence[Kept | Dropped], chosen: Chosen, asking: Asking, taken_out: str) -> Tested:
    failures = (
        f"{count} question(s) had no answer ({kind})." for kind, count in asking.failures.most_common()
    )
    return Tested(
        tuple(one for one in made if isinstance(one, Kept)),
        (*(one for one in made if isinstance(one, Dropped)), *chosen.dropped),
        tuple(asking.calls),
        tuple(asking.planned),
        tuple(filter(None, (taken_out, *failures))),
    )
