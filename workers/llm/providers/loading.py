"""Opening a model in a thread, once: its libraries take seconds to import and only workers need them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from workers.llm.provider import ProviderError
from workers.llm.providers.connections import Connections
from workers.llm.providers.dialect import Target

if TYPE_CHECKING:
    import httpx2

LIBRARIES = (
    "pydantic_ai.direct",
    "workers.llm.providers.express",
    "workers.llm.providers.bounded",
    "workers.llm.providers.transport",
    "workers.llm.providers.errors",
    "workers.llm.providers.answering",
)
# Modules belong to the process, and two threads that import could meet in a cycle of half-made ones.
_IMPORTING = Lock()


T = TypeVar("T")


class Loading(Generic[T]):
    """A model, or its batches, on the way. `connections` are closed with it unless others share them (`shared`)."""

    def __init__(
        self,
        target: Target,
        libraries: tuple[str, ...],
        opening: Callable[[Target, httpx2.AsyncClient], T],
        connections: Connections,
        *,
        shared: bool,
    ) -> None:
        self._target = target
        self._libraries = (*LIBRARIES, *libraries)
        self._opening = opening
        self._connections = connections
        self._shared = shared
        self._task: asyncio.Task[T | None] | None = None

    def start(self) -> asyncio.Task[T | None]:
        """Begin, if nobody has; the result is None when no client can be made."""
        if self._task is None:
            self._task = asyncio.create_task(asyncio.to_thread(self._load))
        return self._task

    async def opened(self) -> T:
        """What was loaded; raises ProviderError."""
        loaded = await asyncio.shield(self.start())
        if loaded is None:
            message = f"no client can be made for {self._target.model}: check its address and key"
            raise ProviderError("refused", message)
        return loaded

    async def close(self) -> None:
        """Close the connections, if any were opened and nobody else has them."""
        if self._task is not None:
            await asyncio.wait([self._task])
        self._task = None
        if not self._shared:
            await self._connections.close()

    def _load(self) -> T | None:
        with _IMPORTING:
            for name in self._libraries:
                import_module(name)
        from workers.llm.providers.errors import FAILURES

        try:
            return self._opening(self._target, self._connections.client())
        except FAILURES:
            return None
