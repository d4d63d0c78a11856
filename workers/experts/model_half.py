"""The experts' model half: every batch asked about from the selected sides, by as many models as it is worth."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from workers.domain.budget import BudgetAwayError
from workers.domain.task import DRY_RUN, ModelError, Models
from workers.experts.economy import ESSENTIAL, Chosen, Costs, Way, changed_lines, choose
from workers.experts.heard import Answered, Failure, Heard, Outcome, Unanswered, heard_of
from workers.experts.modes import Asked, Backtracking, Mode, backtracking, in_parallel, in_pipeline
from workers.experts.panel import Seat, seated
from workers.experts.question_writer import draft, prepared
from workers.experts.questions import STAGE, AskLimits, Inquiry, Prepared
from workers.llm.money import Rung

ANSWER_SHARE = 4  # at most a quarter of a small window is kept for the answer


@dataclass(frozen=True, slots=True)
class Rules:
    """How many models are asked the same, how they work together, and what is done about weak answers."""

    seats_max: int = 1
    mode: Mode = "parallel"
    backtracking: Backtracking = field(default_factory=Backtracking)


def look_ahead(inquiry: Inquiry, boundary: str, limits: AskLimits, window_tokens: int) -> None:
    """Look through what `ask` will most likely ask about, while there is time; it takes as long as asking would."""
    draft(inquiry, boundary, _bounded_answers(limits, window_tokens), window_tokens)


async def ask(
    models: Models,
    inquiry: Inquiry,
    *,
    boundary: str,
    limits: AskLimits,
    progress: Callable[[str], None],
    rules: Rules = Rules(),
    now: Callable[[], float] = time.time,
) -> Heard:
    """Ask about every file of `inquiry` in as many batches as its window needs; ModelErrors become failures.

    When the run's budget doesn't cover that, as much is asked as it does cover. `now` gives epoch seconds.
    """
    desk = _Desk(inquiry, boundary, limits)
    try:
        chosen = await choose(models, rules.seats_max, desk.costs, now)
        if chosen.way is not None:
            return replace(await _asked(chosen.way, desk, rules, progress), spared=chosen.said)
    except BudgetAwayError as error:
        chosen = Chosen(None, f"Not reviewed: nobody can tell what was spent ({error}), so nothing is.")
    progress("the budget is not enough to ask a model")
    paths = tuple(file.path for file in inquiry.files)
    failures = (Failure(paths, "budget", chosen.said),) if paths else ()
    return Heard(failures=failures, again_at=chosen.again_at)


async def _asked(way: Way, desk: _Desk, rules: Rules, progress: Callable[[str], None]) -> Heard:
    ready, seats = await desk.seated(way)
    asked = await _by_mode(way, seats, desk, rules, progress)
    heard = heard_of(desk.inquiry, asked.outcomes, ready.plan.left_out, asked.given_up)
    for one in heard.worth:
        way.models.observe(one.model, STAGE, one.share)
    sample = next(iter(ready.tasks), None)
    return replace(heard, taken_out=ready.taken_out, batches=len(ready.plan.batches), sample=sample)


async def _by_mode(
    way: Way, seats: Sequence[Seat], desk: _Desk, rules: Rules, progress: Callable[[str], None]
) -> Asked:
    ask = _bounded(lambda seat: _one(seat, progress), desk.limits.at_once_max)
    if rules.mode == "pipeline":
        return await in_pipeline(seats, ask, desk.inquiry)
    if rules.mode == "backtrack":
        return await backtracking(seats, ask, desk.inquiry, way.models.stronger(), rules.backtracking)
    return await in_parallel(seats, ask)


def _bounded(
    ask: Callable[[Seat], Awaitable[Outcome]], at_once_max: int
) -> Callable[[Seat], Awaitable[Outcome]]:
    """So many at once for each seat: a slow model doesn't hold up the others.

    They begin one after the other, each a moment later: begun together, none is sent before all are ready to be.
    """
    doors: dict[int, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(at_once_max))
    turn = asyncio.Lock()

    async def bounded(seat: Seat) -> Outcome:
        async with doors[seat.number]:
            async with turn:
                await asyncio.sleep(0)
            return await ask(seat)

    return bounded


@dataclass(slots=True)
class _Desk:
    """Prepares the questions of each way once."""

    inquiry: Inquiry
    boundary: str
    limits: AskLimits
    _done: dict[Rung, tuple[Prepared, list[Seat]]] = field(default_factory=dict)

    async def costs(self, way: Way) -> Costs:
        """The questions that this way asks, and of whom."""
        _, seats = await self.seated(way)
        return [(seat.models, seat.asking.task) for seat in seats]

    async def seated(self, way: Way) -> tuple[Prepared, list[Seat]]:
        """Its batches and questions, and who is asked them. Raises BudgetAwayError."""
        if way.rung not in self._done:
            ready = await self._prepared(way)
            self._done[way.rung] = ready, await seated(way.models, ready.questions, way.seats_max)
        return self._done[way.rung]

    async def _prepared(self, way: Way) -> Prepared:
        window_tokens = way.models.window_tokens()
        limits = _bounded_answers(self.limits, window_tokens)
        if way.essential_only:
            limits = replace(limits, output_max_tokens=limits.output_max_tokens // 2)
        inquiry = _spared(self.inquiry, way)
        # Megabytes are searched for secrets: not on the loop that keeps leases alive.
        return await asyncio.to_thread(prepared, inquiry, self.boundary, limits, window_tokens)


def _bounded_answers(limits: AskLimits, window_tokens: int) -> AskLimits:
    return replace(limits, output_max_tokens=min(limits.output_max_tokens, window_tokens // ANSWER_SHARE))


def _spared(inquiry: Inquiry, way: Way) -> Inquiry:
    """As much of `inquiry` as this way asks about."""
    if way.changed_only:
        inquiry = replace(inquiry, files=changed_lines(inquiry.files), safe=(), surroundings={})
    if way.essential_only:
        focus = {aspect: text for aspect, text in inquiry.focus.items() if aspect in ESSENTIAL}
        inquiry = replace(inquiry, focus=focus or inquiry.focus)
    return inquiry


async def _one(seat: Seat, progress: Callable[[str], None]) -> Outcome:
    count = len(seat.asking.batch.paths())
    try:
        completion = await seat.models.complete(seat.asking.task)
    except ModelError as error:
        if error.kind != DRY_RUN:
            progress(f"the model gave no answer about {count} file(s): {error.kind}")
        return Unanswered(seat.asking, error)
    aspects = seat.asking.aspects
    side = f" for {aspects[0].value}" if len(aspects) == 1 else ""
    progress(f"{completion.model} read {count} file(s){side}")
    return Answered(seat.asking, completion.model, completion.calls, completion.value)
