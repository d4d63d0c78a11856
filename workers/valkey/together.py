"""A client whose scripts travel together: those that are called while a batch is on its way share the next one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as LostError

BATCH_MAX = 64
"""More wait for the next trip: a server does nothing else while it works a batch off."""


class _Called(NamedTuple):
    """A command with its options, and where its answer goes."""

    words: tuple[Any, ...]
    options: dict[str, Any]
    answer: asyncio.Future[Any]


class TogetherRedis(Redis):
    """Redis with scripts in batches. A trip costs more than the script that it carries, so under load they share one.

    Each caller gets the answer or the error of its own script; when the connection is lost, everybody in the batch
    gets that. Scripts of one caller that waits for each run in its order, as before. All else goes its own way.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._called: deque[_Called] = deque()
        self._aboard: Sequence[_Called] = ()
        self._trip: asyncio.Task[None] | None = None

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """The command's answer; raises RedisError, OSError."""
        if args[0] != "EVALSHA":
            return await self._alone(args, options)
        called = _Called(args, options, asyncio.get_running_loop().create_future())
        self._called.append(called)
        if self._trip is None:
            self._depart()
        return await called.answer

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Close the connections, after what is on its way."""
        while self._trip is not None:
            await asyncio.wait({self._trip})
        await super().aclose(close_connection_pool)

    def _depart(self) -> None:
        """The task begins a moment later: who calls until then comes along."""
        self._trip = asyncio.create_task(self._go())
        self._trip.add_done_callback(self._arrived)

    def _arrived(self, trip: asyncio.Task[None]) -> None:
        """Whatever went wrong, nobody is left waiting."""
        lost = LostError("the trip was broken off") if trip.cancelled() else trip.exception()
        if lost is not None:
            for called in self._aboard:
                _tell(called.answer, lost)
        self._trip = None
        if self._called:
            self._depart()

    async def _alone(self, words: tuple[Any, ...], options: dict[str, Any]) -> Any:
        return await super().execute_command(*words, **options)  # type: ignore[no-untyped-call]

    def _batch(self) -> list[_Called]:
        """The next commands, oldest first, but for those that nobody waits for any more."""
        batch: list[_Called] = []
        while self._called and len(batch) < BATCH_MAX:
            called = self._called.popleft()
            if not called.answer.done():
                batch.append(called)
        return batch

    async def _go(self) -> None:
        batch = self._aboard = self._batch()
        for called, answer in zip(batch, await self._send(batch), strict=True):
            _tell(called.answer, answer)

    async def _send(self, batch: Sequence[_Called]) -> Sequence[object]:
        if len(batch) == 1:
            return [await self._alone(batch[0].words, batch[0].options)]
        async with self.pipeline(transaction=False) as pipeline:
            for called in batch:
                pipeline.execute_command(*called.words, **called.options)
            return list(await pipeline.execute(raise_on_error=False))


def _tell(waiting: asyncio.Future[Any], answer: object) -> None:
    if waiting.done():
        return
    if isinstance(answer, BaseException):
        waiting.set_exception(answer)
    else:
        waiting.set_result(answer)
