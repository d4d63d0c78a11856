"""Who waits for leave to send, by bucket: when a place gets free in this run, the first in line looks at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import Awaitable


class Line:
    """Of one run. The limiter decides as ever: this only says when it is worth asking again."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[asyncio.Event]] = defaultdict(deque)

    def freed(self, bucket: str) -> None:
        """One place is free."""
        if waiting := self._waiting[bucket]:
            waiting.popleft().set()

    async def wait(self, bucket: str, sleeping: Awaitable[None]) -> None:
        """Until `sleeping` is over, or a place is free and nobody has waited longer."""
        told, waiting = asyncio.Event(), self._waiting[bucket]
        waiting.append(told)
        either = asyncio.ensure_future(sleeping), asyncio.ensure_future(told.wait())
        try:
            done, _ = await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            for one in either:
                one.cancel()
            with contextlib.suppress(ValueError):  # whoever was told is in line no more
                waiting.remove(told)
