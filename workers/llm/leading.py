"""Calls of one run that share a long beginning: the first leads, the others find it in the provider's cache."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PREFIX_MIN_CHARS = 8_000
"""Shorter beginnings are not kept by providers (1,024 tokens and more are)."""
LEAD_MAX_S = 30.0
"""Nobody waits longer for a leader: time is worth more than a tenth of the input's price."""


@dataclass(slots=True)
class Leading:
    """Who leads, by model and shared prefix, within one run."""

    _led: dict[tuple[str, str], asyncio.Event] = field(default_factory=dict)

    @asynccontextmanager
    async def behind(
        self, model: str, prefix: str, wait_max_s: float = LEAD_MAX_S
    ) -> AsyncIterator[Callable[[], None]]:
        """Inside: either the leader, or behind a leader that has its answer or took longer than `wait_max_s`.

        Whoever is inside says by what is given that the answer is there: nobody waits for the rest. The end says so, too.
        """
        if len(prefix) < PREFIX_MIN_CHARS:
            yield _nothing
            return
        key = (model, prefix)
        event = self._led.get(key)
        if event is None:
            event = self._led[key] = asyncio.Event()
            try:
                yield event.set
            finally:
                event.set()
            return
        with contextlib.suppress(TimeoutError):  # without a leader there is no saving, and no harm
            async with asyncio.timeout(wait_max_s):
                await event.wait()
        yield _nothing


def _nothing() -> None:
    """Nobody waits."""
