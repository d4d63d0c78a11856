"""A client whose scripts travel together: those that are called while a batch is on its way share the next one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.commands.core import AsyncScript
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import NoScriptError

from workers.valkey.wire import Called, Wire, tell

BATCH_MAX = 64
"""More wait for the next trip: a server does nothing else while it works a batch off."""


class TogetherRedis(Redis):
    """Redis with scripts in batches, on a connection of their own. A trip costs more than the script that it carries, so
    under load they share one.

    Each caller gets the answer or the error of its own script; when the connection is lost, everybody in the batch
    gets that. Scripts of one caller that waits for each run in its order, as before. All else goes its own way.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._called: deque[Called] = deque()
        self._wire: Wire | None = None
        self._connecting: asyncio.Task[Wire] | None = None

    def register_script(self, script: Any) -> AsyncScript:  # type: ignore[override]
        """A script that is called as redis-py's are, and travels with others."""
        return _Script(self, script)

    def carry(self, command: tuple[Any, ...]) -> asyncio.Future[Any]:
        """The answer to come of a command, which shares the next trip; RedisError or OSError where there is none."""
        loop = asyncio.get_running_loop()
        called = Called(hiredis.pack_command(command), loop.create_future())
        self._called.append(called)
        if len(self._called) == 1:
            loop.call_soon(self._depart)  # a moment later: who calls until then comes along
        return called.answer

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Close the connections, after what is on its way."""
        while awaited := self._awaited():
            await asyncio.wait(awaited)
        if self._wire is not None:
            await self._wire.close()
        await super().aclose(close_connection_pool)

    def _awaited(self) -> list[asyncio.Future[Any]]:
        due = () if self._wire is None else self._wire.due
        return [answer for answer in (*due, *(called.answer for called in self._called)) if not answer.done()]

    def _depart(self) -> None:
        """Send the next batch, unless one is on its way."""
        if not self._called or self._connecting is not None:
            return
        if self._wire is None or not self._wire.open:
            self._connecting = asyncio.create_task(self._connect())
            self._connecting.add_done_callback(self._connected)
        elif not self._wire.due and (batch := self._batch()):
            self._wire.send(batch)

    async def _connect(self) -> Wire:
        if self._wire is not None:
            await self._wire.close()  # what is left of a lost one
        connection: AbstractConnection = self.connection_pool.make_connection()  # type: ignore[no-untyped-call]
        await connection.connect()  # type: ignore[no-untyped-call]
        return Wire(connection, self._depart)

    def _connected(self, connecting: asyncio.Task[Wire]) -> None:
        """Whatever went wrong, nobody is left waiting."""
        self._connecting = None
        lost = LostError("connecting was broken off") if connecting.cancelled() else connecting.exception()
        if lost is None:
            self._wire = connecting.result()
            self._depart()
            return
        while self._called:
            tell(self._called.popleft().answer, lost)

    def _batch(self) -> list[Called]:
        """The next commands, oldest first, but for those that nobody waits for any more."""
        batch: list[Called] = []
        while self._called and len(batch) < BATCH_MAX:
            called = self._called.popleft()
            if not called.answer.done():
                batch.append(called)
        return batch


class _Script(AsyncScript):
    """redis-py's, without its four steps from the call to the connection."""

    def __init__(self, redis: TogetherRedis, script: Any) -> None:
        super().__init__(redis, script)
        self._redis = redis

    async def __call__(
        self, keys: Sequence[Any] | None = None, args: Iterable[Any] | None = None, client: Any = None
    ) -> Any:
        """What the script returns. `client` is redis-py's, for pipelines."""
        if client is not None:
            return await super().__call__(keys, args, client)
        keys = keys or ()
        command = ("EVALSHA", self.sha, len(keys), *keys, *(args or ()))
        try:
            return await self._redis.carry(command)
        except NoScriptError:  # the server is a new one, or was told to forget
            await self._redis.script_load(self.script)
            return await self._redis.carry(command)
