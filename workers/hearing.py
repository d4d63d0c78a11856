"""Connections that hear a cancellation: before Python 3.12, redis-py's lose one that comes as a command was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import TypeVar

from redis.asyncio import Redis
from redis.asyncio.connection import (
    AbstractConnection,
    Connection,
    SSLConnection,
    UnixDomainSocketConnection,
)

R = TypeVar("R", bound=Redis)


class Hearing(AbstractConnection):
    """What was to be cancelled while a command was being sent is, after it.

    redis-py sends within `asyncio.wait_for` where a socket has a time limit; that returns what it waited for, and
    forgets the cancellation, if both come in one turn of the loop (python/cpython issue 86296). A loop that is
    cancelled once would go on for ever.
    """

    async def send_packed_command(
        self, command: bytes | str | Iterable[bytes], check_health: bool = True
    ) -> None:
        """As redis-py's."""
        task = asyncio.current_task()
        before = task.cancelling() if task is not None else 0
        await super().send_packed_command(command, check_health)
        if task is not None and task.cancelling() > before:
            # its answer must not be read by whoever has the connection next
            await self.disconnect(nowait=True)
            raise asyncio.CancelledError


class HearingConnection(Hearing, Connection):
    """By TCP."""


class HearingSSLConnection(Hearing, SSLConnection):
    """By TLS."""


class HearingSocketConnection(Hearing, UnixDomainSocketConnection):
    """By a socket of this machine."""


HEARING: Mapping[type[AbstractConnection], type[Hearing]] = {
    Connection: HearingConnection,
    SSLConnection: HearingSSLConnection,
    UnixDomainSocketConnection: HearingSocketConnection,
}


def hearing(client: R) -> R:
    """`client`, whose connections from now on are such."""
    pool = client.connection_pool
    pool.connection_class = HEARING[pool.connection_class]
    return client
