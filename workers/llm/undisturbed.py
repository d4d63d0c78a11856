"""Steps that are taken to their end although their caller is cancelled meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

log = structlog.get_logger()

T = TypeVar("T")

SETTLE_TIMEOUT_S = 5.0


async def held(taking: Awaitable[T], give_back: Callable[[T], Awaitable[None]]) -> T:
    """What `taking` brings; whoever is cancelled meanwhile gives it back, for nobody else knows of it."""
    task = asyncio.ensure_future(taking)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=SETTLE_TIMEOUT_S)
        if task.done() and not task.cancelled() and task.exception() is None:
            await give_back(task.result())
        raise


async def closing(settling: Awaitable[None]) -> None:
    """Let books be closed although the caller is being cancelled, for a short time at most."""
    task = asyncio.ensure_future(settling)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=SETTLE_TIMEOUT_S)
        if task.done() and not task.cancelled() and (error := task.exception()):
            log.warning("the books of a call were not closed", error=f"{type(error).__name__}: {error}")
        raise
