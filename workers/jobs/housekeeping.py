"""What is kept no longer than needed: looked after every hour, beside all other work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from workers.storage.database import StorageUnavailableError

log = structlog.get_logger()

INTERVAL_S = 3600.0


async def keep_house(
    retain: Callable[[], Awaitable[None]],
    *,
    interval_s: float = INTERVAL_S,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Call `retain` now and every `interval_s` until cancelled; a database that is away is tried again next time."""
    while True:
        try:
            await retain()
        except StorageUnavailableError as error:
            log.warning("nothing was tidied up", error=str(error))
        await sleep(interval_s)
