"""Handing a batch in and calling it off: none is left running that nobody wants."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from workers.llm.provider import Batcher, ProviderError, Question

log = structlog.get_logger()

CALL_OFF_TIMEOUT_S = 15.0
"""A client builds its models at its first answer: seconds on a busy machine. A batch that is left running costs money."""


async def hand_in(batcher: Batcher, questions: Sequence[Question]) -> str:
    """The ticket. Whoever is cancelled meanwhile calls off what may be there already. Raises ProviderError."""
    submitting = asyncio.ensure_future(batcher.submit(questions))
    try:
        return await asyncio.shield(submitting)
    except asyncio.CancelledError:
        await asyncio.wait({submitting}, timeout=CALL_OFF_TIMEOUT_S)
        if not submitting.done():
            submitting.cancel()
        elif not submitting.cancelled() and submitting.exception() is None:
            await call_off(batcher, submitting.result())
        raise


async def call_off(batcher: Batcher, ticket: str) -> None:
    """What fails here costs money and nothing else."""
    try:
        async with asyncio.timeout(CALL_OFF_TIMEOUT_S):
            await batcher.cancel(ticket)
    except (ProviderError, TimeoutError) as error:
        log.warning("a batch could not be called off", error=type(error).__name__)
