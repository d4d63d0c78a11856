"""`quorum web`: the receiver's process. Opens the store and the queue, serves, and closes them in order."""

from __future__ import annotations

import asyncio
import gc
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from bot.app import create_app
from bot.cli.guards import open_guards
from bot.cli.open_files import connections_that_fit
from bot.cli.server import Server
from bot.health import Check, Health, tables_present
from bot.metrics import Metrics
from bot.webhook.protocol import DeadlineProtocol
from config.settings import Settings
from workers.domain.errors import TransientError, UserError
from workers.domain.steady import steady
from workers.storage.database import Database
from workers.storage.intake import Intake
from workers.storage.outlook import Counts, counts
from workers.telemetry import configure_logging

log = structlog.get_logger()

BACKLOG = 2048
REFUSED_AT_ONCE_MAX = 100
"""Connections that are told 503 at the same time; beyond them, connections are closed unread."""
KEEP_ALIVE_TIMEOUT_S = 30
DRAIN_TIMEOUT_S = 5
GC_THRESHOLD = 2_000
"""Objects between two collections; a burst of deliveries is thousands that are no garbage yet."""


def create_server(settings: Settings, app: ASGIApp) -> Server:
    """A server with every limit that a public port needs."""
    # uvicorn only ever calls it, as it would call the class
    protocol: Any = partial(
        DeadlineProtocol,
        timeout_s=settings.connection_timeout_s,
        connections_max=settings.connections_max + REFUSED_AT_ONCE_MAX,
    )
    config = uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        lifespan="on",
        limit_concurrency=settings.connections_max + 1,  # uvicorn answers 503 from this one on
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_TIMEOUT_S,
        timeout_graceful_shutdown=DRAIN_TIMEOUT_S,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        log_config=None,
    )
    return Server(config)


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[Starlette]:
    """The application with its store and queue, which are closed when it is left."""
    redis_url = settings.redis_url.get_secret_value()
    database = Database.connect(settings.resolved_database_url())
    needed: dict[str, Check] = {"database": database.ping, "tables": tables_present(database)}
    try:
        routes = await _operator_routes(settings, database)
        async with open_guards(redis_url) as figures, _open_queue(redis_url) as (kick, useful):
            metrics = Metrics(partial(_counts, database), figures)
            intake = Intake(database, steady(), committed=metrics.committed)
            yield create_app(settings, intake, kick, Health(needed, useful), metrics, routes)
    finally:
        await database.close()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises UserError when the address can't be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server((address[0], address[1]), family=family, backlog=BACKLOG)
    except OSError as error:
        message = f"Cannot listen on {host}:{port}: {error.strerror}. Set QUORUM_HOST and QUORUM_PORT."
        raise UserError(message) from None


async def serve_web(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; what was taken in is committed before this returns."""
    if not settings.webhook_secrets():
        raise UserError("QUORUM_WEBHOOK_SECRET is not set: no delivery could be verified.")
    fitting = connections_that_fit(settings.connections_max, REFUSED_AT_ONCE_MAX)
    settings = settings.model_copy(update={"connections_max": fitting})
    with listen(settings.host, settings.port) as listener:
        async with open_app(settings) as app:
            _freeze()
            log.info("receiving", host=settings.host, port=listener.getsockname()[1])
            await create_server(settings, app).serve(sockets=[listener])


def run(settings: Settings) -> int:
    """Serve on uvloop where there is one; the exit code."""
    configure_logging(settings.log_level)
    with asyncio.Runner(loop_factory=uvicorn.Config(app="").get_loop_factory()) as runner:
        runner.run(serve_web(settings))
    return 0


def _freeze() -> None:
    """Leave what start-up made, which stays till the end, out of every later garbage collection: 50 ms each."""
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)


async def _operator_routes(settings: Settings, database: Database) -> Sequence[BaseRoute]:
    """The operator's interface, where there is a token for it."""
    if not settings.admin_token.get_secret_value():
        return ()
    from bot.cli.operating import (
        operator_routes,  # here: a receiver without it is spared catalogue and prices
    )

    return await operator_routes(settings, database)


async def _counts(database: Database) -> Counts:
    return await database.read(lambda conn: counts(conn, time.time()))


@asynccontextmanager
async def _open_queue(url: str) -> AsyncIterator[tuple[Callable[[], Awaitable[None]], dict[str, Check]]]:
    """How workers are woken, and whether they can be; without a queue, the sweep finds all work by itself."""
    if not url:
        log.warning("no queue", why="QUORUM_REDIS_URL is not set; work waits for the next sweep")
        yield _no_kick, {}
        return
    from workers.queue import Queue  # here: its libraries are 12 MB that a process without a queue is spared

    queue = Queue.connect(url)
    try:
        yield queue.kick, {"valkey": partial(_reachable, queue.ping)}
    finally:
        await queue.close()


async def _no_kick() -> None:
    """Nobody to wake."""


async def _reachable(ping: Callable[[], Awaitable[bool]]) -> None:
    if not await ping():
        raise TransientError("unreachable: workers are not woken, the sweep finds their work")
