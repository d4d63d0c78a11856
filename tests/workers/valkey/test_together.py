"""Scripts that are called at once share a trip; each caller gets its own answer or error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as LateError

from tests.databases import kill_valkey, start_valkey
from workers.valkey.together import BATCH_MAX, TogetherRedis

ECHO = "return ARGV[1]"
COUNT = "return redis.call('INCR', KEYS[1])"
WRONG = "return redis.call('INCR', KEYS[1], 'too', 'much')"


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[TogetherRedis]:
    client = TogetherRedis.from_url(valkey)
    yield client
    await client.aclose()


async def test_each_caller_gets_its_own_answer(redis: TogetherRedis) -> None:
    echo = redis.register_script(ECHO)
    wanted = [str(number).encode() for number in range(2 * BATCH_MAX + 1)]
    assert await asyncio.gather(*(echo(args=[one]) for one in wanted)) == wanted


async def test_at_once_they_need_one_connection(redis: TogetherRedis) -> None:
    count = redis.register_script(COUNT)
    await count(keys=["number"])
    await asyncio.gather(*(count(keys=["number"]) for _ in range(BATCH_MAX)))
    assert (await redis.info("clients"))["connected_clients"] <= 2


async def test_an_error_is_its_callers_alone(redis: TogetherRedis) -> None:
    count, wrong = redis.register_script(COUNT), redis.register_script(WRONG)
    await count(keys=["number"])
    found = await asyncio.gather(count(keys=["number"]), wrong(keys=["number"]), return_exceptions=True)
    assert found[0] == 2
    assert isinstance(found[1], ResponseError)


async def test_scripts_that_the_server_has_forgotten_are_loaded(redis: TogetherRedis) -> None:
    echo = redis.register_script(ECHO)
    await echo(args=["x"])
    await redis.script_flush()
    assert await asyncio.gather(*(echo(args=[one]) for one in ("a", "b"))) == [b"a", b"b"]


async def test_who_gave_up_before_the_trip_is_left_out(redis: TogetherRedis) -> None:
    count = redis.register_script(COUNT)
    await count(keys=["number"])
    given_up = asyncio.create_task(count(keys=["number"]))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await count(keys=["number"]) == 2


async def test_closing_waits_for_what_is_on_its_way(valkey: str) -> None:
    client = TogetherRedis.from_url(valkey)
    echo = client.register_script(ECHO)
    asked = asyncio.create_task(echo(args=["x"]))
    await asyncio.sleep(0)
    await client.aclose()
    assert await asked == b"x"


async def test_without_a_server_everybody_is_told() -> None:
    server = start_valkey()
    client = TogetherRedis.from_url(server.url)
    kill_valkey(server)
    echo = client.register_script(ECHO)
    found = await asyncio.gather(*(echo(args=["x"]) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(one, LostError) for one in found)
    await client.aclose()


async def test_a_connection_that_the_server_has_closed_is_made_anew(redis: TogetherRedis) -> None:
    echo = redis.register_script(ECHO)
    await echo(args=["x"])
    await redis.client_kill_filter(_type="normal", skipme=True)
    await asyncio.sleep(0.01)
    assert await echo(args=["y"]) == b"y"


async def test_a_silent_server_is_waited_for_no_longer_than_the_limit(valkey: str) -> None:
    async with TogetherRedis.from_url(valkey, socket_timeout=0.05) as client:
        echo = client.register_script(ECHO)
        await echo(args=["x"])
        await client.client_pause(100, all=True)
        with pytest.raises(LateError):
            await echo(args=["lost"])
        await asyncio.sleep(0.1)
        assert await echo(args=["y"]) == b"y"
