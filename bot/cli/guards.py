"""The figures of what guards the models, for the metrics page; without a Valkey there are none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from workers.domain.health import Figures

TIMEOUT_S = 1.0


@asynccontextmanager
async def open_guards(url: str) -> AsyncIterator[Callable[[], Awaitable[Figures]]]:
    """Reads them from the Valkey at `url`; raises TransientError while it is away. "" has nothing to say."""
    if not url:
        yield _nothing
        return
    from workers.valkey.health_figures import open_figures  # here: its libraries are 12 MB

    async with open_figures(url, timeout_s=TIMEOUT_S) as read:
        yield read


async def _nothing() -> Figures:
    return Figures()
