"""Kicks, on a real Valkey."""

from __future__ import annotations

import asyncio

import pytest
import redis.asyncio

from tests.databases import kill_valkey, start_valkey
from workers.queue import (
    KICK_EXPIRES_S,
    QUEUE_NAME,
    WAKE_CHANNEL,
    Queue,
    pack,
    redis_settings,
    unpack,
)


async def test_a_kick_is_one_arq_job_and_one_message(valkey: str) -> None:
    queue = Queue.connect(valkey)
    client = redis.asyncio.Redis.from_url(valkey)
    async with client.pubsub(ignore_subscribe_messages=True) as channel:
        await channel.subscribe(WAKE_CHANNEL)
        await queue.kick()
        async with asyncio.timeout(5):
            while await channel.get_message(timeout=1) is None:
                pass
    (job_id,) = await client.zrange(QUEUE_NAME, 0, -1)
    job_key = b"arq:job:" + job_id
    assert unpack(await client.get(job_key))["f"] == "wake"
    assert await client.ttl(job_key) <= KICK_EXPIRES_S
    await client.aclose()
    await queue.close()


async def test_kicks_do_not_pile_up(valkey: str) -> None:
    queue = Queue.connect(valkey)
    for _ in range(20):
        await queue.kick()
    async with redis.asyncio.Redis.from_url(valkey) as client:
        assert await client.zcard(QUEUE_NAME) == 1
    await queue.close()


async def test_a_kick_without_a_server_is_silent(unused_tcp_port: int) -> None:
    queue = Queue.connect(f"redis://127.0.0.1:{unused_tcp_port}")
    await queue.kick()
    assert not await queue.ping()
    await queue.close()


async def test_a_server_that_does_not_answer_holds_a_kick_up_for_a_second_at_most() -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    queue = Queue.connect(f"redis://127.0.0.1:{port}")
    async with asyncio.timeout(5):
        await queue.kick()
        for _ in range(100):
            await queue.kick()  # keeps quiet after a failure
    await queue.close()
    server.close()


async def test_kicks_work_again_when_the_server_is_back(unused_tcp_port: int) -> None:
    url = f"redis://127.0.0.1:{unused_tcp_port}"
    queue = Queue.connect(url)
    await queue.kick()
    server = start_valkey(unused_tcp_port)
    client = redis.asyncio.Redis.from_url(url)
    async with asyncio.timeout(10):
        while not await client.zcard(QUEUE_NAME):
            await queue.kick()
            await asyncio.sleep(0.05)
    await client.aclose()
    await queue.close()
    kill_valkey(server)


def test_messages_are_plain_data() -> None:
    """arq's default, pickle, would run code for whoever can write to the server."""
    assert unpack(pack({"f": "wake", "a": [1]})) == {"f": "wake", "a": [1]}
    with pytest.raises(TypeError):
        pack(object())


def test_a_password_with_escapes_is_decoded() -> None:
    settings = redis_settings("redis://us%40er:p%2Fw@host:1234/3", connections=4)
    assert (settings.username, settings.password, settings.database) == ("us@er", "p/w", 3)


def test_the_settings_do_not_show_the_password_of_a_queue() -> None:
    assert "hidden" not in repr(Queue.connect("redis://:hidden@host"))
