"""A TCP proxy that spoils connections: between a process and its database or its Valkey."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from socket import SO_LINGER, SOL_SOCKET

CHUNK_BYTES = 64 * 1024
LATENCY_S = 0.2
DRIP_BYTES, DRIP_S = 64, 0.02
Dial = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


class Toxic(StrEnum):
    """What is wrong with every connection: late, broken off, swallowed without a word, or a few bytes at a time."""

    NONE = "none"
    LATENCY = "latency"
    RESET = "reset"
    HALF_OPEN = "half-open"
    DRIP = "drip"


class Proxy:
    """Passes bytes on to whatever `dial` connects to, as `toxic` says at the moment."""

    def __init__(self, dial: Dial) -> None:
        self._dial = dial
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.toxic = Toxic.NONE
        self._flows = asyncio.Event()
        self._flows.set()

    def poison(self, toxic: Toxic) -> None:
        """From now on; RESET also breaks off what is open."""
        self.toxic = toxic
        (self._flows.clear if toxic is Toxic.HALF_OPEN else self._flows.set)()
        if toxic is Toxic.RESET:
            for writer in list(self._open):
                _reset(writer)

    async def serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client's connection, until either side ends it."""
        if self.toxic is Toxic.RESET:
            _reset(writer)
            return
        with contextlib.suppress(OSError, ConnectionError):
            there_reader, there = await self._dial()
            self._open |= {writer, there}
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._pass_on(reader, there))
                    both.create_task(self._pass_on(there_reader, writer))
            finally:
                self._open -= {writer, there}
                there.close()
                writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ConnectionError):
            while chunk := await reader.read(CHUNK_BYTES):
                await self._flows.wait()  # closed while half open: nobody is told that nothing arrives
                await self._send(chunk, writer)
        with contextlib.suppress(OSError, RuntimeError):
            writer.close()

    async def _send(self, chunk: bytes, writer: asyncio.StreamWriter) -> None:
        if self.toxic is Toxic.LATENCY:
            await asyncio.sleep(LATENCY_S)
        step = DRIP_BYTES if self.toxic is Toxic.DRIP else len(chunk)
        for start in range(0, len(chunk), step):
            writer.write(chunk[start : start + step])
            await writer.drain()
            if self.toxic is Toxic.DRIP:
                await asyncio.sleep(DRIP_S)


def _reset(writer: asyncio.StreamWriter) -> None:
    """End it with a RST, as a firewall or a dying machine does."""
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def proxied(dial: Dial) -> AsyncIterator[Proxy]:
    """A proxy on a free port of this machine."""
    proxy = Proxy(dial)
    server = await asyncio.start_server(proxy.serve_one, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        proxy.poison(Toxic.RESET)
        server.close()
