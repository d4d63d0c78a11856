"""Asks, where a change is worth it, what it is for: one short question to the orchestrator's model."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from workers.domain.budget import BudgetAwayError
from workers.domain.change import Change, ChangedFile
from workers.domain.finding import Aspect
from workers.domain.task import ModelError, Models, Task
from workers.domain.voice import Voice
from workers.experts.extent import band_of, readable
from workers.experts.intent_answer import Guess, understood
from workers.experts.intent_question import USUALLY, IntentLimits, IntentQuestion, intent_question
from workers.experts.intent_values import Intent, NoIntent

FILES_MAX = 10
"""A simple change of more files is worth the question too."""


def worth_asking(
    files: Sequence[ChangedFile], risky_paths: Sequence[str] = (), *, files_max: int = FILES_MAX
) -> bool:
    """Whether a change is hard, risky or spread enough for the question. `files`: classified, generated ones out."""
    read = readable(files)
    return len(read) > files_max or (bool(read) and band_of(read, risky_paths) != "simple")


async def intent(
    models: Models,
    change: Change,
    aspects: Sequence[Aspect],
    *,
    boundary: str,
    limits: IntentLimits,
    voice: Voice = USUALLY,
) -> Intent | NoIntent:
    """What `change` seems to be for; never raises for what a model, a budget or a text does.

    The answer can add attention and nothing else: see `intent_answer.understood`.
    """
    window_tokens = models.window_tokens()
    asked = await asyncio.to_thread(intent_question, change, aspects, boundary, limits, window_tokens, voice)
    if asked is None:
        return NoIntent(
            "context too long", f"a window of {window_tokens} tokens has no room for the question"
        )
    try:
        if not await _is_cheap(models, asked.task, limits.left_max_share):
            return NoIntent("budget", "what is left is kept for the review itself")
        return await _asked(models, asked, aspects)
    except BudgetAwayError as error:
        return NoIntent("budget", str(error))
    except ModelError as error:
        return NoIntent(error.kind, str(error), error.calls)


async def _asked(models: Models, asked: IntentQuestion, aspects: Sequence[Aspect]) -> Intent:
    done = await models.complete(asked.task)
    return understood(done.value, asked.paths, aspects, done.model, done.calls, asked.taken_out)


async def _is_cheap(models: Models, task: Task[Guess], left_max_share: float) -> bool:
    """Whether it costs at worst a small share of what is left; a price that nobody knows is the gateway's to judge."""
    left = await models.left_micros()
    if left is None:
        return True
    return (await models.worst_micros(task) or 0) <= left * left_max_share
