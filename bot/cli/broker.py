"""`quorum broker`: the one process that holds the App's private key; what it does for others stands in its rules."""

from __future__ import annotations

import asyncio
import os
import time
from functools import partial
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp

from bot.cli.broker_peers import PeerProtocol, allowed_uids
from bot.cli.broker_socket import listening
from bot.cli.server import Server
from config.settings import Settings
from workers.domain.errors import UserError
from workers.github.broker import Broker, create_broker
from workers.github.broker_rate import Bucket
from workers.github.broker_upstream import Upstream
from workers.github.signing import AppCredentials, DerivedSecrets
from workers.github.timing import Timing
from workers.github.tokens import AppIdentity
from workers.telemetry import configure_logging

log = structlog.get_logger()

CONNECTIONS_MAX = 64
REQUEST_TIMEOUT_S = 5.0
KEEP_ALIVE_TIMEOUT_S = 60
DRAIN_TIMEOUT_S = 5


def create_server(app: ASGIApp, uids: frozenset[int]) -> Server:
    """A server with a limit for everything; it serves processes of `uids` alone."""
    protocol: Any = partial(
        PeerProtocol, uids=uids, timeout_s=REQUEST_TIMEOUT_S, connections_max=2 * CONNECTIONS_MAX
    )
    config = uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        lifespan="off",
        limit_concurrency=CONNECTIONS_MAX + 1,  # uvicorn answers 503 from this one on
        timeout_keep_alive=KEEP_ALIVE_TIMEOUT_S,
        timeout_graceful_shutdown=DRAIN_TIMEOUT_S,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        log_config=None,
    )
    return Server(config)


async def serve_broker(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises UserError for a key, a user or a socket that can't be used."""
    if settings.broker_socket is None:
        raise UserError("QUORUM_BROKER_SOCKET is not set: nobody could reach the broker.")
    identity = AppIdentity(settings.app_id, settings.client_id, settings.private_key)
    credentials = AppCredentials(identity, Timing())
    await credentials.authorization()  # a key that can't sign is told at once
    uids = allowed_uids(settings.broker_user)
    upstream = Upstream(settings.github_api_url, credentials)
    name = settings.client_id or str(settings.app_id)
    broker = Broker(name, upstream, DerivedSecrets(identity).derive, Bucket(time.monotonic))
    try:
        with listening(settings.broker_socket, os.environ) as listener:
            log.info("brokering", socket=str(settings.broker_socket), users=sorted(uids))
            await create_server(create_broker(broker), uids).serve(sockets=[listener])
    finally:
        await upstream.aclose()


def run(settings: Settings) -> int:
    """Serve until told to stop; the exit code."""
    configure_logging(settings.log_level)
    asyncio.run(serve_broker(settings))
    return 0
