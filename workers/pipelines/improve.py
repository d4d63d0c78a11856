"""The improve pipeline: a change → suggestions that can be committed as they are. Values in, values out.

A suggestion is offered when the code that it quotes stands on changed lines, when it changes them, and when the file with
it parses; each other one is named with the reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from workers.domain.budget import BudgetAwayError
from workers.domain.improvement import Improvement, Improvements, LeftOut, NoImprovements
from workers.domain.task import Completion, ModelError, Models
from workers.domain.usage import Call
from workers.experts.proposals import Objections
from workers.pipelines.improving.answer import Proposals
from workers.pipelines.improving.choosing import chosen
from workers.pipelines.improving.fitting import Known, tried
from workers.pipelines.improving.task import KIND, Question, Questions, questions
from workers.pipelines.improving.values import ImproveLimits, ImproveRequest

__all__ = ["NO_MODEL", "ImproveLimits", "ImproveRequest", "improve"]

NO_MODEL = NoImprovements("no model", "No model is configured, so there is nobody to suggest improvements.")
NOTHING_TO_READ = NoImprovements("nothing to read", "The change has no lines that a model may read.")


@dataclass(frozen=True, slots=True)
class _Failed:
    """A part of the change that nobody answered about."""

    question: Question
    kind: str
    why: str
    calls: tuple[Call, ...] = ()


async def improve(
    request: ImproveRequest,
    models: Models | None,
    objections: Objections | None,
    *,
    boundary: str,
    limits: ImproveLimits,
) -> Improvements | NoImprovements:
    """Suggest improvements of `request.change`; never raises for what a model, a budget or a text does."""
    if models is None:
        return NO_MODEL
    # Megabytes are searched for secrets: not on the loop that keeps leases alive.
    asked = await asyncio.to_thread(questions, request, boundary, limits, models.window_tokens())
    if not asked.asked:
        return _nothing_asked(asked)
    answers = await asyncio.gather(*(_answer(one, models) for one in asked.asked))
    done = [one for one in answers if not isinstance(one, _Failed)]
    failed = [one for one in answers if isinstance(one, _Failed)]
    calls = tuple(call for one in answers for call in one.calls)
    if not done:
        return NoImprovements(failed[0].kind, failed[0].why, calls)
    known = Known({file.path: file for file in request.change.files if file.omitted is None}, request.said)
    fits, left = await asyncio.to_thread(_tried, done, known)
    offered, others = await chosen(fits, known.files, objections, limits.offered_max)
    for one in done:
        models.observe(one.model, KIND, _share(one, offered))
    return Improvements(
        offered=tuple(offered),
        left=(*others, *left),
        unread=_unread(asked, failed),
        notices=tuple(filter(None, (asked.taken_out, *dict.fromkeys(one.why for one in failed)))),
        calls=calls,
    )


async def _answer(question: Question, models: Models) -> Completion[Proposals] | _Failed:
    try:
        return await models.complete(question.task)
    except BudgetAwayError as error:
        return _Failed(question, "budget", str(error))
    except ModelError as error:
        return _Failed(question, error.kind, str(error), error.calls)


def _tried(done: Sequence[Completion[Proposals]], known: Known) -> tuple[list[Improvement], list[LeftOut]]:
    results = [tried(each, known, one.model) for one in done for each in one.value.suggestions]
    fits = [one for one in results if isinstance(one, Improvement)]
    return fits, [one for one in results if isinstance(one, LeftOut)]


def _share(answer: Completion[Proposals], offered: Sequence[Improvement]) -> float:
    """How much of what it proposed can be committed; an empty list is a good answer to good code."""
    proposed = answer.value.suggestions
    paths = {(one.path, one.title) for one in offered}
    good = sum((one.path, " ".join(one.title.split())) in paths for one in proposed)
    return good / len(proposed) if proposed else 1.0


def _nothing_asked(asked: Questions) -> NoImprovements:
    if not asked.left_out:
        return NOTHING_TO_READ
    return NoImprovements("context too long", "The model's window has no room for the change.")


def _unread(asked: Questions, failed: Sequence[_Failed]) -> tuple[str, ...]:
    paths = (path for one in failed for path in one.question.batch.paths())
    return tuple(dict.fromkeys((*asked.left_out, *paths)))
