"""The describe pipeline: a change → what it does, in a few lines. Values in, values out.

Files, diagram and counts come from the code; only the sentences, and whether issues are met, are a model's. Without a
model the commits' own first lines stand in their place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from statistics import fmean

from workers.domain.budget import BudgetAwayError
from workers.domain.change import Change
from workers.domain.description import Description
from workers.domain.task import ModelError, Models
from workers.pipelines.describing.answer import (
    BULLET_MAX_CHARS,
    BULLETS_MAX,
    bullets_said,
    files_said,
    kinds_said,
    line,
)
from workers.pipelines.describing.claims import claims_of
from workers.pipelines.describing.diagram import diagram_of, in_order
from workers.pipelines.describing.issues import checked, unasked
from workers.pipelines.describing.kinds import groups_of, kinds_of
from workers.pipelines.describing.task import KIND, Asked, asked
from workers.pipelines.describing.values import DescribeLimits, DescribeRequest

__all__ = ["NO_MODEL", "DescribeLimits", "DescribeRequest", "describe"]

NO_MODEL = "no model is configured"
NO_ROOM = "the model's window has no room for the question"


async def describe(
    request: DescribeRequest, models: Models | None, *, boundary: str, limits: DescribeLimits
) -> Description:
    """Describe `request.change`; never raises for what a model, a budget or a text does."""
    # Megabytes are searched for imports and secrets: not on the loop that keeps leases alive.
    plain = await asyncio.to_thread(_plain, request)
    if models is None:
        return plain
    question = await asyncio.to_thread(asked, request, boundary, limits, models.window_tokens())
    if question is None:
        return replace(plain, unasked=NO_ROOM)
    try:
        return await _written(request, plain, question, models)
    except BudgetAwayError as error:
        return replace(plain, unasked=str(error))
    except ModelError as error:
        return replace(plain, unasked=f"{error.kind}: {error}", calls=error.calls)


async def _written(
    request: DescribeRequest, plain: Description, question: Asked, models: Models
) -> Description:
    """`plain` with a model's sentences in it, as far as they hold."""
    done = await models.complete(question.task)
    said, change = done.value, request.change
    bullets = bullets_said(said)
    if not bullets:
        return replace(plain, unasked=f"{done.model} said nothing", calls=done.calls)
    issues = await asyncio.to_thread(checked, said.issues, change)
    told = files_said(said.files, question.shown)
    claims = await asyncio.to_thread(lambda: list(claims_of(said, question.shown, issues, request)))
    quality = fmean(claims) if claims else None
    models.observe(done.model, KIND, 1.0 if quality is None else quality)
    return replace(
        plain,
        kinds=kinds_said(said) or plain.kinds,
        bullets=bullets,
        groups=groups_of(change.files, told),
        issues=issues,
        notices=(*plain.notices, *filter(None, [question.taken_out])),
        model=done.model,
        unasked="",
        unread=len(change.files) - len(question.shown),
        calls=done.calls,
        quality=quality,
        validated=None if quality is None else all(claims) and in_order(plain.diagram),
    )


def _plain(request: DescribeRequest) -> Description:
    """What can be told without a model."""
    change = request.change
    return Description(
        base_sha=change.base_sha,
        head_sha=change.head_sha,
        kinds=kinds_of(change),
        bullets=tuple(_subjects(change))[:BULLETS_MAX],
        groups=groups_of(change.files, {}),
        diagram=diagram_of(change.files, request.snapshot) if request.diagram else None,
        issues=unasked(change.linked),
        notices=(*request.notices, *change.notices),
        unasked=NO_MODEL,
        unlisted=change.unlisted,
    )


def _subjects(change: Change) -> Iterator[str]:
    """The first lines of the commits' messages, each once; the title where there is none."""
    texts = (message.strip().partition("\n")[0] for message in change.commits or (change.title,))
    yield from dict.fromkeys(one for text in texts if (one := line(text, BULLET_MAX_CHARS)))
