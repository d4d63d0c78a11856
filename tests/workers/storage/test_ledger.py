"""Effects are made once, whatever is interrupted."""

from __future__ import annotations

import pytest

from tests.workers.storage.wanting import LEASE_S, Desk, want
from workers.domain.errors import LeaseLostError, RateLimitedError, SupersededError, TransientError
from workers.storage.database import Database
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger


class Remote:
    """The other side: counts what was sent and finds what arrived."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.searches = 0
        self.fault: Exception | None = None
        self.arrives = True

    async def send(self) -> str:
        if self.arrives:
            self.sent.append(f"id-{len(self.sent) + 1}")
        if self.fault:
            raise self.fault
        return self.sent[-1]

    async def find(self) -> str | None:
        self.searches += 1
        return self.sent[-1] if self.sent else None


class Effects:
    def __init__(self, database: Database) -> None:
        self.desk = Desk(database)
        self.ledger = EffectLedger(database, self.desk.clock)
        self.remote = Remote()

    async def lease(self) -> Lease:
        await self.desk.want(want())
        return await self.claim()

    async def claim(self) -> Lease:
        claim = await self.desk.store.claim()
        assert claim is not None
        return Lease(self.desk.store, claim)

    async def once(self, lease: Lease, key: str = "1") -> str:
        return await self.ledger.once(lease, "review", key, send=self.remote.send, find=self.remote.find)


@pytest.fixture
def effects(database: Database) -> Effects:
    return Effects(database)


async def test_an_effect_is_sent_once_and_remembered(effects: Effects) -> None:
    lease = await effects.lease()
    assert [await effects.once(lease), await effects.once(lease)] == ["id-1", "id-1"]
    assert effects.remote.sent == ["id-1"]
    assert effects.remote.searches == 0


async def test_effects_of_other_keys_are_their_own(effects: Effects) -> None:
    lease = await effects.lease()
    assert [await effects.once(lease, "a"), await effects.once(lease, "b")] == ["id-1", "id-2"]


async def test_a_lost_answer_is_read_back_and_not_sent_again(effects: Effects) -> None:
    lease = await effects.lease()
    effects.remote.fault = TransientError("the connection broke")
    with pytest.raises(TransientError):
        await effects.once(lease)
    assert await effects.once(lease) == "id-1"
    assert effects.remote.sent == ["id-1"]


async def test_what_did_not_arrive_is_sent_again(effects: Effects) -> None:
    lease = await effects.lease()
    effects.remote.fault, effects.remote.arrives = TransientError("no answer"), False
    with pytest.raises(TransientError):
        await effects.once(lease)
    effects.remote.fault, effects.remote.arrives = None, True
    assert await effects.once(lease) == "id-1"
    assert effects.remote.searches == 1


async def test_a_refusal_needs_no_reading_back(effects: Effects) -> None:
    lease = await effects.lease()
    effects.remote.fault, effects.remote.arrives = RateLimitedError("wait", retry_after_s=1), False
    with pytest.raises(RateLimitedError):
        await effects.once(lease)
    effects.remote.fault, effects.remote.arrives = None, True
    assert await effects.once(lease) == "id-1"
    assert effects.remote.searches == 0


async def test_a_worker_killed_while_sending_is_followed_by_one_that_reads_back(effects: Effects) -> None:
    lease = await effects.lease()
    effects.remote.fault = KeyError("killed")
    with pytest.raises(KeyError):
        await effects.once(lease)
    effects.desk.clock.advance(LEASE_S)
    assert await effects.once(await effects.claim()) == "id-1"
    assert effects.remote.sent == ["id-1"]


async def test_a_paused_worker_sends_nothing_after_its_lease(effects: Effects) -> None:
    paused = await effects.lease()
    effects.desk.clock.advance(LEASE_S)
    current = await effects.claim()
    with pytest.raises(LeaseLostError):
        await effects.once(paused)
    assert effects.remote.sent == []
    assert await effects.once(current) == "id-1"


async def test_a_paused_worker_does_not_undo_what_its_successor_noted(effects: Effects) -> None:
    paused = await effects.lease()
    effects.desk.clock.advance(LEASE_S)
    current = await effects.claim()
    assert await effects.once(current) == "id-1"
    assert await effects.once(paused) == "id-1"
    assert effects.remote.sent == ["id-1"]


async def test_superseded_work_sends_nothing(effects: Effects) -> None:
    lease = await effects.lease()
    await effects.desk.want(want())
    with pytest.raises(SupersededError):
        await effects.once(lease)
    assert effects.remote.sent == []


async def test_a_new_generation_makes_its_own_effects(effects: Effects) -> None:
    lease = await effects.lease()
    await effects.once(lease)
    await effects.desk.store.finish(lease.claim, "sha")
    assert await effects.once(await effects.lease()) == "id-2"
