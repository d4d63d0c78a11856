"""One connection that scripts travel on: written at once, answered in order; no task and no pool between."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple, cast

import hiredis
from redis.asyncio.connection import AbstractConnection, DefaultParser
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import InvalidResponse
from redis.exceptions import TimeoutError as LateError

CLOSED = "the connection was closed"


class Called(NamedTuple):
    """A command as it is sent, and where its answer goes."""

    packed: bytes
    answer: asyncio.Future[Any]


class Wire(asyncio.Protocol):
    """What is left of a connection of redis-py's, `connection`, once it has said hello: address, password, TLS and
    time limit are as it has them. `home` is called whenever all that was sent is answered, or lost.
    """

    def __init__(self, connection: AbstractConnection, home: Callable[[], None]) -> None:
        self._connection = connection
        self._home = home
        self._due: deque[asyncio.Future[Any]] = deque()
        self._clock: asyncio.TimerHandle | None = None
        self._reader = _reader(connection)
        self._transport = _transport(connection)
        self._before = self._transport.get_protocol()
        self._transport.set_protocol(self)

    @property
    def due(self) -> Collection[asyncio.Future[Any]]:
        """The answers that are on their way."""
        return self._due

    @property
    def open(self) -> bool:
        """Whether it can be sent anything."""
        return not self._transport.is_closing()

    def send(self, batch: Sequence[Called]) -> None:
        """Send all of it; each answer or error goes where the command says."""
        self._due.extend(called.answer for called in batch)
        self._transport.write(b"".join([called.packed for called in batch]))
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Answers, in the order of what was sent."""
        self._reader.feed(data)
        try:
            while (answer := self._reader.gets()) is not False:
                tell(self._due.popleft(), answer)
        except (
            InvalidResponse,
            IndexError,
        ):  # no answer, or to nothing that was asked: nobody knows what follows
            self._end(LostError("the server's answers can't be understood"))
        else:
            self._wait()
            if not self._due:
                self._home()

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits is told."""
        self._before.connection_lost(exc)  # redis-py waits for that when it closes
        self._end(LostError(CLOSED if exc is None else f"{CLOSED}: {exc}"))

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.disconnect()

    def _wait(self) -> None:
        """No answer for so long, and the connection is given up."""
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        if self._due and (limit_s := self._connection.socket_timeout) is not None:
            self._clock = asyncio.get_running_loop().call_later(limit_s, self._late)

    def _late(self) -> None:
        self._end(LateError("the server takes too long to answer"))

    def _end(self, error: Exception) -> None:
        self._transport.abort()
        due, self._due = self._due, deque()
        self._wait()
        for answer in due:
            tell(answer, error)
        self._home()


def tell(waiting: asyncio.Future[Any], answer: object) -> None:
    """Give the answer or error to who waits for it still."""
    if waiting.done():
        return
    if isinstance(answer, BaseException):
        waiting.set_exception(answer)
    else:
        waiting.set_result(answer)


def _transport(connection: AbstractConnection) -> asyncio.Transport:
    writer = connection._writer  # redis-py has no door to it
    if writer is None:
        raise LostError(CLOSED)
    return cast("asyncio.Transport", writer.transport)


def _reader(connection: AbstractConnection) -> hiredis.Reader:
    words: dict[str, Any] = {"protocolError": InvalidResponse, "replyError": DefaultParser.parse_error}
    if connection.encoder.decode_responses:
        words |= {"encoding": connection.encoder.encoding, "errors": connection.encoder.encoding_errors}
    return hiredis.Reader(**words)
