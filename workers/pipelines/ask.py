"""The ask pipeline: a question about a change → an answer, and the code that it rests on. Values in, values out."""

from __future__ import annotations

import asyncio

from workers.domain.budget import BudgetAwayError
from workers.domain.question import Answer, NoAnswer
from workers.domain.task import ModelError, Models
from workers.pipelines.asking.evidence import proven
from workers.pipelines.asking.task import KIND, Asked, asked
from workers.pipelines.asking.values import AskLimits, AskRequest

__all__ = ["NO_MODEL", "AskLimits", "AskRequest", "answer"]

NO_MODEL = NoAnswer("no model", "No model is configured, so there is nobody to answer questions.")


async def answer(
    request: AskRequest, models: Models | None, *, boundary: str, limits: AskLimits
) -> Answer | NoAnswer:
    """Answer `request.question`; never raises for what a model, a budget or a text does.

    Whatever the model quotes that stands nowhere in the head is left out and counted.
    """
    if models is None:
        return NO_MODEL
    window_tokens = models.window_tokens()
    # Megabytes are searched for names and secrets: not on the loop that keeps leases alive.
    question = await asyncio.to_thread(asked, request, boundary, limits, window_tokens)
    if question is None:
        return NoAnswer("context too long", f"A window of {window_tokens:,} tokens has no room for it.")
    try:
        return await _answered(request, question, models)
    except BudgetAwayError as error:
        return NoAnswer("budget", str(error))
    except ModelError as error:
        return NoAnswer(error.kind, str(error), error.calls)


async def _answered(request: AskRequest, question: Asked, models: Models) -> Answer:
    done = await models.complete(question.task)
    said = done.value
    found = await asyncio.to_thread(proven, said.evidence, request, question.shown)
    if said.evidence:
        models.observe(done.model, KIND, 1 - found.dropped / len(said.evidence))
    return Answer(
        text=said.answer,
        evidence=found.evidence,
        confident=said.confident and bool(found.evidence),
        dropped=found.dropped,
        model=done.model,
        notice=question.taken_out,
        calls=done.calls,
    )
