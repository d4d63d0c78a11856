"""A database that goes away while connections to it are being made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.chaos.ground import socket_of
from tests.databases import Postgres
from workers.storage.database import Database, StorageUnavailableError

READY = b"Z\x00\x00\x00\x05I"
"""PostgreSQL's word that it waits for the first question."""


@asynccontextmanager
async def gone_when_both_are_in(socket: str) -> AsyncIterator[int]:
    """A port before a server that lets two in, answers neither, and is gone."""
    inside: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there = await asyncio.open_unix_connection(socket)
        asking = asyncio.create_task(_pass_on(reader, there))
        chunk = b""
        while READY not in chunk and (chunk := await there_reader.read(65_536)):
            writer.write(chunk)
        asking.cancel()
        there.close()
        inside.append(writer)
        if len(inside) == 2:
            await asyncio.sleep(0.05)  # until the second waits for the first
            for one in inside:
                one.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        yield int(listening.sockets[0].getsockname()[1])


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65_536):
        writer.write(chunk)


async def test_a_connection_that_ends_while_it_waits_for_the_first_one_is_no_bug(postgres: Postgres) -> None:
    """The first connection of a process asks what it has to do with; the others wait for it."""
    url = await asyncio.to_thread(postgres.migrated)
    async with gone_when_both_are_in(socket_of(url)) as port:
        database = Database.connect(f"postgresql+asyncpg://postgres@127.0.0.1:{port}/quorum")
        ends = await asyncio.gather(database.ping(), database.ping(), return_exceptions=True)
        await database.close()
    assert [type(end) for end in ends] == [StorageUnavailableError] * 2
