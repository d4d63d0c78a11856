"""A transport below an SDK, for which can be played: its request is written down, or answered with what is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import httpx2

from workers.llm.providers.bounded import BoundedTransport

Act = Callable[[httpx2.Request], Awaitable[httpx2.Response]]

_ACTS: ContextVar[list[Act] | None] = ContextVar("acts", default=None)


class StagedTransport(httpx2.AsyncBaseTransport):
    """Hands requests to `inner`, but for those that are played for in the task that sends them."""

    def __init__(self, inner: BoundedTransport) -> None:
        self.inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer to `request`."""
        acts = _ACTS.get()
        return await (acts.pop()(request) if acts else self.inner.handle_async_request(request))

    async def aclose(self) -> None:
        """Close `inner`."""
        await self.inner.aclose()


@contextmanager
def staged(act: Act) -> Iterator[None]:
    """Inside, the first request is `act`'s; an SDK that sends more sends them in earnest."""
    token = _ACTS.set([act])
    try:
        yield
    finally:
        _ACTS.reset(token)
