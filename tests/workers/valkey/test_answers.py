"""Answers are kept, bounded and asked for once at a time; without Valkey everybody asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.databases import kill_valkey, start_valkey
from workers.llm.ports import Answers
from workers.valkey.answers import PREFIX, KeptLimits, ValkeyAnswers
from workers.valkey.answers_leads import LEAD_S, Leads

KEPT = KeptLimits(ttl_s=60, answer_max_bytes=1_000)


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(valkey)
    yield client
    await client.aclose()


def answers(redis: Redis, me: str = "one", limits: KeptLimits = KEPT) -> Answers:
    return ValkeyAnswers(redis, limits, me=me, clock=time.monotonic, sleep=asyncio.sleep)


async def test_what_was_put_is_got_by_all(redis: Redis) -> None:
    await answers(redis).put("key", '{"x": "ü"}')
    assert await answers(redis, "two").get("key") == '{"x": "ü"}'
    assert await answers(redis, "two").get("other") is None


async def test_what_may_not_be_kept_only_ends_the_lead(redis: Redis) -> None:
    kept = ValkeyAnswers(
        redis,
        KEPT,
        me="one",
        clock=time.monotonic,
        sleep=asyncio.sleep,
        may_be_kept=lambda text: "key" not in text,
    )
    assert await kept.lead("a", 5)
    await kept.put("a", '{"x": "the key"}')
    assert await kept.get("a") is None
    assert await answers(redis, "two").lead("a", 5)


async def test_it_is_kept_for_its_time(redis: Redis) -> None:
    await answers(redis, limits=KeptLimits(0.05, 1_000)).put("key", "{}")
    await asyncio.sleep(0.1)
    assert await answers(redis).get("key") is None


async def test_what_has_expired_leaves_the_books(redis: Redis) -> None:
    kept = answers(redis)
    await kept.put("key", "{}")
    await redis.delete(f"{PREFIX}value:key")
    await kept.get("key")
    assert await redis.zcard(f"{PREFIX}used") == 0
    assert await redis.hlen(f"{PREFIX}sizes") == 0  # type: ignore[misc]
    assert int(await redis.get(f"{PREFIX}bytes")) == 0


async def test_every_key_is_ours_and_has_an_end(redis: Redis) -> None:
    await answers(redis).lead("key", 5)
    await answers(redis).put("other", "{}")
    names = [name async for name in redis.scan_iter("*")]
    assert len(names) == 5
    assert all(name.startswith(PREFIX.encode()) for name in names)
    assert all([await redis.pttl(name) > 0 for name in names])


async def test_one_that_is_too_large_is_not_kept_and_ends_the_lead(redis: Redis) -> None:
    kept = answers(redis)
    await kept.lead("key", 5)
    await kept.put("key", "x" * 1_001)
    assert await kept.get("key") is None
    assert await kept.lead("key", 5)


async def test_what_has_no_utf_8_is_not_kept(redis: Redis) -> None:
    await answers(redis).put("key", "\ud83d")
    assert await answers(redis).get("key") is None


async def test_the_longest_unused_goes_when_there_are_too_many(redis: Redis) -> None:
    kept = answers(redis, limits=KeptLimits(60, 1_000, entries_max=3))
    for name in "abc":
        await kept.put(name, name)
    await kept.get("a")
    await kept.put("d", "d")
    assert [await kept.get(name) for name in "abcd"] == ["a", None, "c", "d"]


async def test_the_longest_unused_go_when_they_are_too_large_together(redis: Redis) -> None:
    kept = answers(redis, limits=KeptLimits(60, 1_000, total_max_bytes=1_000))
    for name in "abc":
        await kept.put(name, name * 400)
    assert [bool(await kept.get(name)) for name in "abc"] == [False, True, True]
    assert int(await redis.get(f"{PREFIX}bytes")) == 800


async def test_one_put_twice_is_counted_once(redis: Redis) -> None:
    for _ in range(3):
        await answers(redis).put("key", "x" * 10)
    assert int(await redis.get(f"{PREFIX}bytes")) == 10


async def test_of_twenty_one_leads_and_all_have_its_answer(redis: Redis) -> None:
    asked = 0

    async def worker(number: int) -> str | None:
        nonlocal asked
        mine = answers(redis, str(number))
        if not await mine.lead("key", 5):
            return await mine.wait("key", 5)
        asked += 1
        await asyncio.sleep(0.1)
        await mine.put("key", "answer")
        return "answer"

    assert await asyncio.gather(*map(worker, range(20))) == ["answer"] * 20
    assert asked == 1


async def test_nobody_leads_where_the_answer_is_there(redis: Redis) -> None:
    """It came between somebody's look and its lead: no second call for it."""
    await answers(redis).put("key", "{}")
    late = answers(redis, "two")
    assert not await late.lead("key", 5)
    assert await late.wait("key", 5) == "{}"


async def test_who_waits_hears_that_the_leader_gave_up(redis: Redis) -> None:
    leader, other = answers(redis), answers(redis, "two")
    await leader.lead("key", 60)
    waiting = asyncio.create_task(other.wait("key", 60))
    await asyncio.sleep(0.05)
    await leader.give_up("key")
    assert await asyncio.wait_for(waiting, 5) is None
    assert await other.lead("key", 5)


async def test_a_leader_that_died_leads_no_longer_than_it_said(redis: Redis) -> None:
    await answers(redis).lead("key", 0.05)
    assert await asyncio.wait_for(answers(redis, "two").wait("key", 60), 5) is None


async def test_nobody_waits_longer_than_it_said(redis: Redis) -> None:
    await answers(redis).lead("key", 60)
    assert await asyncio.wait_for(answers(redis, "two").wait("key", 0.05), 5) is None


async def test_a_former_leader_does_not_end_another_s_lead(redis: Redis) -> None:
    former, present = answers(redis), answers(redis, "two")
    await former.lead("key", 0.02)
    await asyncio.sleep(0.05)
    assert await present.lead("key", 5)
    await former.give_up("key")
    assert await redis.get(f"{PREFIX}lead:key") == b"two"
    await former.put("key", "late, and good all the same")
    assert await redis.get(f"{PREFIX}lead:key") == b"two"


async def test_without_a_time_to_keep_nothing_is_kept(redis: Redis) -> None:
    kept = answers(redis, limits=KeptLimits(0, 1_000))
    await kept.put("key", "{}")
    assert await kept.get("key") is None
    assert (await kept.lead("key", 5), await kept.lead("key", 5)) == (True, True)
    assert not await redis.keys("*")


async def test_while_valkey_is_away_everybody_asks() -> None:
    server = start_valkey()
    client = Redis.from_url(server.url)
    kill_valkey(server)
    kept = answers(client)
    await kept.put("key", "{}")
    assert await kept.get("key") is None
    assert await kept.lead("key", 5)
    assert await kept.wait("key", 5) is None
    await kept.give_up("key")
    await client.aclose()


async def test_a_lead_lasts_as_long_as_its_process(redis: Redis) -> None:
    """It is renewed while the call is under way; of a killed process it is over soon."""
    leader = answers(redis, "one")
    assert await leader.lead("key", 60)
    assert 0 < await redis.pttl(f"{PREFIX}lead:key") <= LEAD_S * 1_000
    await redis.pexpire(f"{PREFIX}lead:key", 3_000)
    await asyncio.sleep(LEAD_S / 3 + 0.3)
    assert await redis.pttl(f"{PREFIX}lead:key") > 3_000
    await leader.give_up("key")
    assert await answers(redis, "two").lead("key", 5)


async def test_whoever_has_put_its_answer_renews_nothing_any_more() -> None:
    now, renewed = 0.0, []

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    async def renew(key: str, seconds: float) -> None:
        renewed.append((key, seconds))
        if len(renewed) == 2:
            leads.drop("put")

    leads = Leads(renew, lambda: now, sleep)
    leads.add("put", 60)
    leads.add("at its end", 5 + LEAD_S / 3)
    here = asyncio.current_task()
    await asyncio.wait({one for one in asyncio.all_tasks() if one is not here})
    assert renewed == [("put", LEAD_S), ("at its end", 5.0), ("at its end", 3.0), ("at its end", 1.0)]
