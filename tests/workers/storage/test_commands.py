"""Commands: each is kept once, carried out once, and may wait for a review."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.fakes.clock import Clock
from tests.workers.storage.telling import arrived, command, rows, tell
from tests.workers.storage.wanting import Desk, key, want
from workers.domain.command import Progress, Source
from workers.domain.work import WorkKey
from workers.storage import tables
from workers.storage.commands import WANTED_MAX, CommandStore
from workers.storage.database import Database
from workers.storage.intake import Intake

FIRST = "issue_comment:1"


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


@pytest.fixture
def store(desk: Desk) -> CommandStore:
    return CommandStore(desk.database, desk.clock)


async def _names(store: CommandStore, number: int = 1) -> list[str]:
    return [item.id for item in await store.wanted(10, number)]


async def test_a_command_comes_back_as_it_was_seen(desk: Desk, store: CommandStore) -> None:
    seen = replace(
        command(7, source=Source.THREAD, name="dismiss"),
        arguments="it's a test",
        problem="no such thing",
        thread_id=3,
        from_bot=True,
        bare=True,
    )
    await tell(desk.database, seen, at=5.0)
    (kept,) = await store.wanted(10, 1)
    assert (kept.id, kept.seen, kept.progress, kept.wanted_at) == (
        "review_comment:7", seen, Progress.WANTED, 5.0,
    )  # fmt: skip


async def test_a_comment_is_one_command_in_however_many_deliveries(desk: Desk, store: CommandStore) -> None:
    intakes = [Intake(desk.database, Clock()) for _ in range(3)]
    await asyncio.gather(
        *(intake.record(arrived(), [command(1), want(1)]) for intake in intakes for _ in range(4))
    )
    assert await _names(store) == [FIRST]


async def test_an_edited_comment_stays_the_command_it_was(desk: Desk, store: CommandStore) -> None:
    await tell(desk.database, command(1, name="help"))
    await tell(desk.database, command(1, name="review"))
    (kept,) = await store.wanted(10, 1)
    assert kept.seen.name == "help"


async def test_a_button_pressed_again_is_another_command(desk: Desk, store: CommandStore) -> None:
    press = command(9, source=Source.BUTTON)
    intake = Intake(desk.database, Clock())
    for number in (1, 2, 2):
        await intake.record(arrived(number), [press])
    assert await _names(store) == [f"check_run:{arrived(number).guid}" for number in (1, 2)]


async def test_the_oldest_command_goes_first(desk: Desk, store: CommandStore) -> None:
    await tell(desk.database, command(30), at=20.0)
    await tell(desk.database, command(100), command(20), at=10.0)
    await tell(desk.database, command(1, number=2))
    assert [item.seen.source_id for item in await store.wanted(10, 1)] == [20, 100, 30]


async def test_commands_are_read_in_portions(desk: Desk, store: CommandStore) -> None:
    await tell(desk.database, *(command(number) for number in range(WANTED_MAX + 1)))
    assert len(await store.wanted(10, 1)) == WANTED_MAX


async def test_an_ended_command_is_wanted_no_more(desk: Desk, store: CommandStore) -> None:
    await tell(desk.database, command(1), command(2))
    await store.end(FIRST, Progress.DONE)
    assert await _names(store) == ["issue_comment:2"]


async def test_a_command_ends_once(desk: Desk, store: CommandStore) -> None:
    await tell(desk.database, command(1))
    await store.end(FIRST, Progress.REFUSED, replied=True)
    await store.end(FIRST, Progress.DONE)
    (row,) = await rows(desk.database, tables.command)
    assert (row.progress, row.replied, row.ended_at) == ("refused", 1, desk.clock())


async def test_a_command_waits_for_the_review_that_it_wanted(desk: Desk, store: CommandStore) -> None:
    await tell(desk.database, command(1))
    await desk.want(want())
    assert await store.await_work(FIRST, want(forced=True)) == 2
    assert await _names(store) == []
    assert await store.awaiting(key(), 1) == []
    (waiting,) = await store.awaiting(key(), 2)
    assert (waiting.id, waiting.progress) == (FIRST, Progress.WAITING)


async def test_a_newer_review_answers_all_that_wait(desk: Desk, store: CommandStore) -> None:
    await tell(desk.database, command(1), command(2))
    await store.await_work(FIRST, want())
    await store.await_work("issue_comment:2", want())
    assert [item.seen.source_id for item in await store.awaiting(key(), 5)] == [1, 2]


@pytest.mark.parametrize("other", [key(2), WorkKey(2, 10, 1, "review"), WorkKey(1, 11, 1, "review")])
async def test_a_review_of_something_else_answers_nothing(
    desk: Desk, store: CommandStore, other: WorkKey
) -> None:
    await tell(desk.database, command(1))
    await store.await_work(FIRST, want())
    assert await store.awaiting(other, 9) == []


async def test_the_review_that_a_command_waits_for_is_claimed(desk: Desk, store: CommandStore) -> None:
    await tell(desk.database, command(1))
    await store.await_work(FIRST, want(forced=True))
    claim = await desk.store.claim()
    assert claim is not None
    assert (claim.generation, claim.forced) == (1, True)


async def test_only_answers_in_comments_count_as_replies(desk: Desk, store: CommandStore) -> None:
    await tell(desk.database, command(1), command(2), command(3, number=2))
    since = desk.clock()
    await store.end(FIRST, Progress.DONE, replied=True)
    await store.end("issue_comment:2", Progress.DONE)
    await store.end("issue_comment:3", Progress.DONE, replied=True)
    assert await store.replies_since(10, 1, since) == 1
    assert await store.replies_since(10, 1, since + 1) == 0


async def test_refusals_count_by_person_and_only_those_told(desk: Desk, store: CommandStore) -> None:
    await tell(desk.database, command(1), command(2), command(3), command(4, actor_id=6))
    since = desk.clock()
    await store.end(FIRST, Progress.REFUSED, replied=True)
    await store.end("issue_comment:2", Progress.REFUSED)
    await store.end("issue_comment:3", Progress.DONE, replied=True)
    await store.end("issue_comment:4", Progress.REFUSED, replied=True)
    assert await store.refusals_since(10, 1, 5, since) == 1
    assert await store.refusals_since(10, 1, 5, since + 1) == 0


async def test_who_waits_for_what_a_closed_pull_request_ends_is_still_to_be_told(
    desk: Desk, store: CommandStore
) -> None:
    """The review that is waited for is claimed once more, and finds it closed; another one is not."""
    await tell(desk.database, command(1))
    await store.await_work(FIRST, want())
    await desk.want(want(number=2))
    await desk.cancel()
    await desk.cancel(number=2)
    claim = await desk.store.claim()
    assert claim is not None
    assert (claim.key, len(await store.awaiting(claim.key, claim.generation))) == (key(), 1)
    assert await desk.store.claim() is None
