"""Waiting for something that tells nobody, with a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], Awaitable[bool]], timeout_s: float = 20.0) -> None:
    """Return as soon as `condition` holds; TimeoutError if it does not within `timeout_s`."""
    async with asyncio.timeout(timeout_s):
        while not await condition():  # noqa: ASYNC110 - what is waited for is outside of this loop
            await asyncio.sleep(0.01)
