"""What killed and superseded runs left open, on both databases."""

from __future__ import annotations

import pytest

from tests.workers.storage.wanting import LEASE_S, Desk, want
from workers.domain.work import Claim
from workers.storage.database import Database
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.leftovers import Leftover, Leftovers


class DiedError(Exception):
    """The worker dies in the middle of a send."""


class Room:
    """A ledger whose effects need no GitHub; every claim is the next generation of one piece of work."""

    def __init__(self, database: Database) -> None:
        self.desk = Desk(database)
        self.ledger = EffectLedger(database, self.desk.clock)
        self.leftovers = Leftovers(database)

    async def claim(self) -> Claim:
        await self.desk.want(want())
        self.desk.clock.advance(LEASE_S)
        claim = await self.desk.store.claim()
        assert claim is not None
        return claim

    async def done(self, claim: Claim, kind: str, key: str, remote_id: str) -> None:
        async def send() -> str:
            return remote_id

        await self.ledger.once(Lease(self.desk.store, claim), kind, key, send=send, find=_nothing)

    async def cut_off(self, claim: Claim, kind: str, key: str) -> None:
        async def send() -> str:
            raise DiedError

        with pytest.raises(DiedError):
            await self.ledger.once(Lease(self.desk.store, claim), kind, key, send=send, find=_nothing)

    async def left(self, claim: Claim, key: str = "head-2") -> tuple[Leftover, ...]:
        return await self.leftovers.unended(claim, key, begun="check", ended="check-end")


async def _nothing() -> None:
    """Nothing is found at GitHub."""


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


async def test_what_was_begun_and_not_ended_is_left_over(room: Room) -> None:
    await room.done(await room.claim(), "check", "head-1", "7")
    assert await room.left(await room.claim()) == (Leftover(1, "head-1", "7"),)


async def test_what_was_ended_is_not_left_over(room: Room) -> None:
    first = await room.claim()
    await room.done(first, "check", "head-1", "7")
    await room.done(first, "check-end", "head-1", "7")
    assert await room.left(await room.claim()) == ()


async def test_an_end_that_was_cut_off_is_still_to_be_made(room: Room) -> None:
    first = await room.claim()
    await room.done(first, "check", "head-1", "7")
    await room.cut_off(first, "check-end", "head-1")
    assert await room.left(await room.claim()) == (Leftover(1, "head-1", "7"),)


async def test_an_effect_of_unknown_outcome_is_left_over_without_an_id(room: Room) -> None:
    await room.cut_off(await room.claim(), "check", "head-1")
    assert await room.left(await room.claim()) == (Leftover(1, "head-1", ""),)


async def test_the_present_run_is_no_leftover_but_its_earlier_head_is(room: Room) -> None:
    """Of one generation two heads may have been begun, when the head moved without an event."""
    claim = await room.claim()
    await room.done(claim, "check", "head-1", "7")
    await room.done(claim, "check", "head-2", "8")
    assert await room.left(claim, "head-2") == (Leftover(1, "head-1", "7"),)


async def test_all_generations_are_told_in_order(room: Room) -> None:
    for number in range(3):
        await room.done(await room.claim(), "check", f"head-{number}", str(number))
    assert [left.generation for left in await room.left(await room.claim(), "head-9")] == [1, 2, 3]


async def test_work_at_another_key_has_its_own_leftovers(room: Room) -> None:
    await room.done(await room.claim(), "check", "head-1", "7")
    await room.desk.want(want(2))
    other = await room.desk.store.claim()
    assert other is not None
    assert await room.left(other) == ()


async def test_what_is_closed_is_closed_for_good(room: Room) -> None:
    await room.cut_off(await room.claim(), "check", "head-1")
    claim = await room.claim()
    (left,) = await room.left(claim)
    for now in (1.0, 2.0):
        await room.leftovers.close(claim, left, "check-end", now)
    assert await room.left(claim) == ()
