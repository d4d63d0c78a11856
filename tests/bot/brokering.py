"""A broker on a real socket, inside the running event loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from bot.cli.broker import create_server
from bot.cli.broker_socket import listening
from tests.workers.github.scripted import private_key
from workers.github.broker import Broker, create_broker
from workers.github.broker_rate import BURST_CALLS, Bucket
from workers.github.broker_upstream import Upstream
from workers.github.signing import AppCredentials, DerivedSecrets
from workers.github.timing import Timing
from workers.github.tokens import AppIdentity

IDENTITY = AppIdentity(99, "Iv1.quorum", private_key())


@asynccontextmanager
async def brokering(
    path: Path,
    github_url: str,
    *,
    uids: frozenset[int] = frozenset((os.geteuid(),)),
    calls_max: float = BURST_CALLS,
    identity: AppIdentity = IDENTITY,
) -> AsyncIterator[None]:
    """Serve at `path`; more than `calls_max` in all are too many: time stands still."""
    upstream = Upstream(github_url, AppCredentials(identity, Timing()))
    broker = Broker(
        "Iv1.quorum", upstream, DerivedSecrets(identity).derive, Bucket(lambda: 0.0, burst=calls_max)
    )
    server = create_server(create_broker(broker), uids)
    with listening(path, {}) as listener:
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield
        finally:
            server.should_exit = True
            await running
            await upstream.aclose()


def caller(path: Path) -> httpx.AsyncClient:
    """Somebody who may ask the broker at `path`."""
    return httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(uds=str(path)), base_url="http://broker")


async def raw(path: Path, sent: bytes) -> bytes:
    """What the broker answers to bytes of any kind, until it closes the connection."""
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        async with asyncio.timeout(10):
            writer.write(sent)
            if writer.can_write_eof():
                writer.write_eof()
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()
