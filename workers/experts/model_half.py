"""The experts' model half: one general reviewer asked from all selected sides, batch by batch."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workers.domain.budget import BudgetAwayError
from workers.domain.finding import Finding
from workers.domain.review import Planned
from workers.domain.task import DRY_RUN, ModelError, Models, Task
from workers.domain.usage import Call
from workers.experts.batching import Batch
from workers.experts.economy import ESSENTIAL, Chosen, Way, changed_lines, choose
from workers.experts.evidence import Rejected, checked
from workers.experts.questions import STAGE, AskLimits, Inquiry, Prepared, prepared
from workers.experts.statements import ModelFindings
from workers.llm.money import Rung

ANSWER_SHARE = 4  # at most a quarter of a small window is kept for the answer


@dataclass(frozen=True, slots=True)
class Failure:
    """A question without an answer: the files it was about and ModelError's kind and sentence."""

    paths: tuple[str, ...]
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Worth:
    """One answer, and the share of its statements that stood up to the check against the change."""

    model: str
    share: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of asking.

    `read` maps a file to the model that read it; `rejected` counts statements by reason; `taken_out` is a sentence
    about what was removed before a model read the change, empty when nothing was; `spared` one about what was done with
    too little money; `planned` are the questions of a dry run. `again_at` (epoch seconds): the budget was not enough
    for anything, and will be then.
    """

    findings: tuple[Finding, ...] = ()
    calls: tuple[Call, ...] = ()
    read: Mapping[str, str] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    left_out: tuple[str, ...] = ()
    rejected: Mapping[str, int] = field(default_factory=dict)
    taken_out: str = ""
    worth: tuple[Worth, ...] = ()
    planned: tuple[Planned, ...] = ()
    spared: str = ""
    again_at: float | None = None

    def quality(self) -> float | None:
        """How much of what was said stood up to the check against the change, 0 to 1; None: nothing was said."""
        said = len(self.findings) + sum(self.rejected.values())
        return len(self.findings) / said if said else None


@dataclass(frozen=True, slots=True)
class _Answered:
    batch: Batch
    model: str
    calls: tuple[Call, ...]
    answer: ModelFindings


@dataclass(frozen=True, slots=True)
class _Unanswered:
    batch: Batch
    error: ModelError


async def ask(
    models: Models,
    inquiry: Inquiry,
    *,
    boundary: str,
    limits: AskLimits,
    progress: Callable[[str], None],
    now: Callable[[], float] = time.time,
) -> Heard:
    """Ask about every file of `inquiry` in as many batches as its window needs; ModelErrors become failures.

    When the run's budget doesn't cover that, as much is asked as it does cover. `now` gives epoch seconds.
    """
    desk = _Desk(inquiry, boundary, limits)
    try:
        chosen = await choose(models, desk.tasks, now)
    except BudgetAwayError as error:
        chosen = Chosen(None, f"Not reviewed: nobody can tell what was spent ({error}), so nothing is.")
    if chosen.way is None:
        progress("the budget is not enough to ask a model")
        paths = tuple(file.path for file in inquiry.files)
        failures = (Failure(paths, "budget", chosen.said),) if paths else ()
        return Heard(failures=failures, again_at=chosen.again_at)
    heard = await _asked(chosen.way, desk, progress)
    return replace(heard, spared=chosen.said)


async def _asked(way: Way, desk: _Desk, progress: Callable[[str], None]) -> Heard:
    prepared = await desk.prepared(way)
    outcomes = await asyncio.gather(
        *(_one(way.models, one.batch, one.task, progress) for one in prepared.questions)
    )
    heard = _heard(desk.inquiry, outcomes, prepared.plan.left_out)
    for one in heard.worth:
        way.models.observe(one.model, STAGE, one.share)
    return replace(heard, taken_out=prepared.taken_out)


@dataclass(slots=True)
class _Desk:
    """Prepares the questions of each way once."""

    inquiry: Inquiry
    boundary: str
    limits: AskLimits
    _done: dict[Rung, Prepared] = field(default_factory=dict)

    async def tasks(self, way: Way) -> Sequence[Task[ModelFindings]]:
        """The questions that this way asks."""
        return (await self.prepared(way)).tasks

    async def prepared(self, way: Way) -> Prepared:
        """Its batches and questions."""
        if way.rung not in self._done:
            window_tokens = way.models.window_tokens()
            most = min(self.limits.output_max_tokens, window_tokens // ANSWER_SHARE)
            limits = replace(self.limits, output_max_tokens=most // 2 if way.essential_only else most)
            inquiry = _spared(self.inquiry, way)
            # Megabytes are searched for secrets: not on the loop that keeps leases alive.
            self._done[way.rung] = await asyncio.to_thread(
                prepared, inquiry, self.boundary, limits, window_tokens
            )
        return self._done[way.rung]


def _spared(inquiry: Inquiry, way: Way) -> Inquiry:
    """As much of `inquiry` as this way asks about."""
    if way.changed_only:
        inquiry = replace(inquiry, files=changed_lines(inquiry.files))
    if way.essential_only:
        focus = {aspect: text for aspect, text in inquiry.focus.items() if aspect in ESSENTIAL}
        inquiry = replace(inquiry, focus=focus or inquiry.focus)
    return inquiry


async def _one(
    models: Models, batch: Batch, task: Task[ModelFindings], progress: Callable[[str], None]
) -> _Answered | _Unanswered:
    try:
        completion = await models.complete(task)
    except ModelError as error:
        if error.kind != DRY_RUN:
            progress(f"the model gave no answer about {len(batch.paths())} file(s): {error.kind}")
        return _Unanswered(batch, error)
    progress(f"{completion.model} read {len(batch.paths())} file(s)")
    return _Answered(batch, completion.model, completion.calls, completion.value)


def _heard(inquiry: Inquiry, outcomes: Sequence[_Answered | _Unanswered], left_out: tuple[str, ...]) -> Heard:
    answered = [outcome for outcome in outcomes if isinstance(outcome, _Answered)]
    unanswered = [outcome for outcome in outcomes if isinstance(outcome, _Unanswered)]
    files = {file.path: file for file in inquiry.files}
    judged = [
        (one, [checked(statement, files, inquiry.focus, one.model) for statement in one.answer.findings])
        for one in answered
    ]
    statements = [statement for _, found in judged for statement in found]
    return Heard(
        findings=tuple(one for one in statements if isinstance(one, Finding)),
        calls=(
            *(call for one in answered for call in one.calls),
            *(call for one in unanswered for call in one.error.calls),
        ),
        read={path: one.model for one in answered for path in one.batch.paths()},
        failures=tuple(Failure(one.batch.paths(), one.error.kind, str(one.error)) for one in unanswered),
        left_out=left_out,
        rejected=Counter(one.why for one in statements if isinstance(one, Rejected)),
        # Who says nothing has shown nothing: silence is no quality.
        worth=tuple(Worth(one.model, _share_kept(found)) for one, found in judged if found),
        planned=tuple(
            Planned(one.batch.paths(), call)
            for one in unanswered
            for call in one.error.calls
            if call.outcome == DRY_RUN
        ),
    )


def _share_kept(statements: Sequence[Finding | Rejected]) -> float:
    return sum(isinstance(one, Finding) for one in statements) / len(statements)
