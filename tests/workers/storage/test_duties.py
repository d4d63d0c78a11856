"""One worker at a time has a duty's turn, on both databases."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.clock import Clock
from tests.workers.storage.wanting import tokens
from workers.domain.errors import LeaseLostError
from workers.storage.database import Database
from workers.storage.duties import LEASE_S, DutyStore


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def duties(database: Database, clock: Clock) -> DutyStore:
    return DutyStore(database, clock, tokens())


async def test_of_many_who_ask_at_once_one_leads(duties: DutyStore) -> None:
    turns = await asyncio.gather(*(duties.take("look") for _ in range(8)))
    assert [turn.done_until for turn in turns if turn is not None] == [0.0]


async def test_the_next_turn_is_due_later_and_knows_how_far_the_last_one_came(
    duties: DutyStore, clock: Clock
) -> None:
    first = await duties.take("look")
    assert first is not None
    await duties.end(first, 60.0, 7.0)
    assert await duties.take("look") is None
    clock.advance(60.0)
    second = await duties.take("look")
    assert second is not None
    assert second.done_until == 7.0


async def test_a_leader_that_died_is_followed_and_may_do_nothing_any_more(
    duties: DutyStore, clock: Clock
) -> None:
    dead = await duties.take("look")
    assert dead is not None
    clock.advance(LEASE_S)
    assert await duties.take("look") is not None
    with pytest.raises(LeaseLostError):
        await duties.hold(dead)
    await duties.end(dead, 0.0, 9.0)
    assert await duties.take("look") is None, "its end ends nobody else's turn"
