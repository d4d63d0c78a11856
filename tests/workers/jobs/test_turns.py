"""A duty that fails is due again later, from where it was, and stops no other."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import Clock
from tests.workers.storage.wanting import tokens
from workers.domain.errors import TransientError
from workers.github.deliveries import Attempt
from workers.jobs.redelivering import sort_out
from workers.jobs.turns import Held, Outcome, Turns
from workers.storage.database import Database
from workers.storage.duties import DutyStore

ATTEMPTS = st.builds(
    Attempt,
    id=st.integers(1, 99),
    guid=st.sampled_from("abcd"),
    event=st.just("push"),
    at=st.floats(0, 99),
    code=st.sampled_from([0, 202, 400, 503]),
    status=st.just(""),
)


async def test_a_duty_that_fails_comes_again_and_stops_no_other(sqlite_url: str) -> None:
    clock, done = Clock(), list[float]()

    async def failing(held: Held) -> Outcome:
        done.append(held.done_until)
        raise TransientError("GitHub is away")

    async def other(held: Held) -> Outcome:
        done.append(-1.0)
        return Outcome(1_000.0, clock())

    database = Database.connect(sqlite_url)
    turns = Turns(
        DutyStore(database, clock, tokens()), {"failing": (60.0, failing), "other": (1_000.0, other)}
    )
    for _ in range(3):
        await turns.tick()
        clock.advance(40.0)
    await database.close()
    assert done == [0.0, -1.0, 0.0]


async def test_a_turn_is_held_for_as_long_as_its_duty_lasts(sqlite_url: str) -> None:
    clock, beats, over, taken = Clock(), list[float](), asyncio.Event(), list[object]()
    database = Database.connect(sqlite_url)
    store = DutyStore(database, clock, tokens(), lease_s=30.0)

    async def beat(seconds: float) -> None:
        if len(beats) == 10:
            over.set()
            await asyncio.Event().wait()
        beats.append(seconds)
        clock.advance(seconds)

    async def long(held: Held) -> Outcome:
        await over.wait()
        taken.append(await store.take("long"))
        return Outcome(60.0, clock())

    await Turns(store, {"long": (60.0, long)}, beat=beat).tick()
    await database.close()
    assert taken == [None]


@given(st.lists(ATTEMPTS))
def test_every_delivery_either_failed_or_was_brought_by_some_attempt(attempts: list[Attempt]) -> None:
    failed, settled = sort_out(attempts)
    assert set(settled) == {one.guid for one in attempts if one.code == 202}
    assert {one.guid for one in failed} == {one.guid for one in attempts} - set(settled)
    assert len(failed) + len(settled) == len({one.guid for one in attempts})
