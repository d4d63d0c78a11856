"""The wake-up call: a kick says that there is work, never which. Losing, doubling or reordering kicks is harmless."""

from __future__ import annotations

import asyncio
import time
from builtins import ConnectionError as OsConnectionError
from builtins import TimeoutError as OsTimeoutError
from typing import Any
from urllib.parse import unquote

import msgpack
import structlog
from arq.connections import ArqRedis, RedisSettings
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from workers.hearing import hearing

log = structlog.get_logger()

QUEUE_NAME = "quorum:kicks"
WAKE_CHANNEL = "quorum:wake"
FUNCTION_NAME = "wake"
KICK_ID = "quorum-wake"
KICK_EXPIRES_S = 30
KICK_TIMEOUT_S = 1.0
PAUSE_AFTER_FAILURE_S = 1.0
CONNECTIONS_SPARE = 10
PASSING = (RedisConnectionError, RedisTimeoutError, OsConnectionError, OsTimeoutError)


def pack(value: Any) -> bytes:
    """Serialise a message; msgpack, since arq's default would run whatever a message holds."""
    return bytes(msgpack.packb(value))


def unpack(data: bytes) -> Any:
    """The inverse of `pack`."""
    return msgpack.unpackb(data, raw=False)


def redis_settings(url: str, *, connections: int) -> RedisSettings:
    """arq's settings for `url`: short retries here, long ones are the supervisor's."""
    settings = RedisSettings.from_dsn(url)
    settings.username = unquote(settings.username) if settings.username else None
    settings.password = unquote(settings.password) if settings.password else None
    settings.conn_timeout = 5
    settings.conn_retries = 0
    settings.retry = Retry(ExponentialBackoff(cap=0.5, base=0.05), 3)
    settings.retry_on_timeout = True
    settings.retry_on_error = [*PASSING]
    settings.max_connections = connections + CONNECTIONS_SPARE
    return settings


class Queue:
    """The sender of kicks, best effort: the sweep finds what nobody was woken for."""

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis
        self._paused_until = 0.0

    @classmethod
    def connect(cls, url: str) -> Queue:
        """A sender to the Redis or Valkey at `url`; connects with its first kick."""
        settings = RedisSettings.from_dsn(url)
        redis = ArqRedis(
            job_serializer=pack,
            job_deserializer=unpack,
            default_queue_name=QUEUE_NAME,
            host=settings.host,
            port=settings.port,
            unix_socket_path=settings.unix_socket_path,
            ssl=settings.ssl,
            db=settings.database,
            username=unquote(settings.username) if settings.username else None,
            password=unquote(settings.password) if settings.password else None,
            socket_connect_timeout=KICK_TIMEOUT_S,
            socket_timeout=KICK_TIMEOUT_S,
        )
        return cls(hearing(redis))

    async def kick(self) -> None:
        """Wake a worker; never raises, takes a second at most, and keeps quiet for one after a failure."""
        if time.monotonic() < self._paused_until:
            return
        try:
            async with asyncio.timeout(KICK_TIMEOUT_S):
                await self._send()
        except (RedisError, OSError) as error:
            self._paused_until = time.monotonic() + PAUSE_AFTER_FAILURE_S
            log.warning("kick failed; the sweep will find the work", error=type(error).__name__)

    async def _send(self) -> None:
        # The message wakes workers at once. The job, one for all kicks that nobody took yet, is for those who were
        # not listening.
        await self._redis.publish(WAKE_CHANNEL, b"")
        await self._redis.enqueue_job(FUNCTION_NAME, _job_id=KICK_ID, _expires=KICK_EXPIRES_S)

    async def ping(self) -> bool:
        """Whether kicks would arrive now."""
        try:
            async with asyncio.timeout(KICK_TIMEOUT_S):
                return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose(close_connection_pool=True)
