"""A cancellation is heard, whenever it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis

from workers.hearing import HEARING, hearing
from workers.queue import Queue

MOMENTS = range(1, 60)
"""Turns of the loop until the cancellation: some of them are those in which a command was just sent."""
AWAY_S = 30.0


async def _unheard(call: Callable[[], Awaitable[object]]) -> list[int]:
    """The moments at which who calls for ever and is cancelled once does not end."""
    return [turns for turns in MOMENTS if not await _ends(call, turns)]


async def _ends(call: Callable[[], Awaitable[object]], turns: int) -> bool:
    async def for_ever() -> None:
        while True:
            await call()

    task = asyncio.create_task(for_ever())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    _, running = await asyncio.wait({task}, timeout=0.2)
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=0.05)
    return not running


async def test_who_kicks_can_be_cancelled_at_any_moment(valkey: str) -> None:
    queue = Queue.connect(valkey)
    try:
        assert await _unheard(queue.kick) == []
    finally:
        await queue.close()


async def test_who_asks_can_be_cancelled_at_any_moment_and_the_next_one_gets_its_own_answer(
    valkey: str,
) -> None:
    async with hearing(Redis.from_url(valkey, socket_timeout=AWAY_S, max_connections=1)) as client:

        async def ask() -> None:
            assert await client.echo("mine") == b"mine"
            assert await client.ping()

        assert await _unheard(ask) == []
        await ask()


@pytest.mark.parametrize("url", ["redis://h/0", "rediss://h/0", "unix:///run/valkey.sock"])
async def test_there_is_one_for_each_way_to_a_server(url: str) -> None:
    async with hearing(Redis.from_url(url)) as client:
        assert client.connection_pool.connection_class in HEARING.values()
