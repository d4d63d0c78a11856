"""One ASGI application on a free loopback port, inside the running event loop."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

CLOSE_TIMEOUT_S = 5.0
ACCEPTING_TURNS = 5
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For httpx's `verify`: loopback speaks plain HTTP, and loading authorities for it takes long."""


class ClientGoneError(Exception):
    """The client closed its connection while the answer was held back."""


class _Protocol(HttpToolsProtocol):
    """Hands the transport to the application, so that a fault can cut the connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["transport"] = self.transport


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[str]:
    """Serve `app`; yields "http://127.0.0.1:PORT". On exit every connection is cut, whoever hangs on it."""
    config = uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        date_header=False,  # it would stand still: nobody ticks this server
        timeout_keep_alive=60,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    bound = socket.socket(proto=socket.IPPROTO_TCP)  # named, or asyncio leaves Nagle on
    bound.bind(("127.0.0.1", 0))
    await server.startup(sockets=[bound])
    await server.on_tick(0)  # sets the headers of every answer
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        await _close(server)


async def _close(server: uvicorn.Server) -> None:
    for listener in server.servers:
        listener.close()
    for _ in range(ACCEPTING_TURNS):
        await asyncio.sleep(0)  # what was just accepted becomes a connection, or nobody would close it
    state = server.server_state
    async with asyncio.timeout(CLOSE_TIMEOUT_S):
        while state.connections or state.tasks:
            for connection in list(state.connections):
                _unset_keep_alive(connection)
                cast(Any, connection).transport.abort()
            await asyncio.sleep(0.001)


def _unset_keep_alive(connection: object) -> None:
    if isinstance(connection, HttpToolsProtocol):
        connection._unset_keepalive_if_required()


async def read_body(request: Request) -> bytes:
    """The whole body; ClientGoneError when the client goes in the middle of it."""
    try:
        return await request.body()
    except ClientDisconnect:
        raise ClientGoneError from None


def cut(request: Request) -> None:
    """Drop the connection without another byte."""
    cast(asyncio.Transport, request.scope["state"]["transport"]).abort()


async def hold(request: Request, seconds: float) -> None:
    """Wait `seconds` after the body was read; raises ClientGoneError as soon as the client is gone."""
    try:
        async with asyncio.timeout(seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return
    raise ClientGoneError
