"""How far work is stands in one comment, which is edited seldom, never doubled, and becomes the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.fakes.github import Fault
from tests.polling import until
from tests.workers.github.octo import NAME
from tests.workers.jobs.desk import Desk
from tests.workers.jobs.shown import showing
from tests.workers.storage.telling import tell
from tests.workers.storage.wanting import LEASE_S
from workers.domain.command import CommandSeen, Source
from workers.domain.errors import TransientError, UserError
from workers.domain.usage import Call, Usage
from workers.domain.work import Priority, Want
from workers.github.leaks import LiveSecrets
from workers.jobs.answering import Answering
from workers.jobs.asked import Asked
from workers.jobs.showing import Errand, Steps
from workers.jobs.stale_answers import StaleAnswers
from workers.jobs.turns import Held
from workers.storage.calls import CallStore
from workers.storage.commands import CommandStore
from workers.storage.lease import Lease
from workers.storage.stale import StaleStore

HOUR_S = 3600.0


@dataclass
class Waits:
    """Waits end when a test says so; `asked` are their seconds."""

    asked: list[float] = field(default_factory=list)
    ended: list[asyncio.Event] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.ended.append(asyncio.Event())
        await self.ended[-1].wait()

    async def end(self, count: int) -> None:
        """End the wait of this number, once it is there."""

        async def there() -> bool:
            return len(self.ended) >= count

        await until(there)
        self.ended[count - 1].set()


@dataclass
class Scene:
    """A command whose work is done, again and again."""

    desk: Desk
    waits: Waits = field(default_factory=Waits)
    lease: Lease | None = None

    @property
    def store(self) -> CommandStore:
        return CommandStore(self.desk.database, self.desk.clock)

    @property
    def asked(self) -> Asked:
        return Asked(self.store, Answering(self.desk.octo.clients, LiveSecrets()))

    @property
    def bodies(self) -> list[str]:
        """Our comments in the conversation."""
        ours = self.desk.octo.github.issue_comments(self.desk.octo.pull)
        return [str(one["body"]) for one in ours if one["user"]["id"] == self.desk.octo.bot_id]

    async def ask(self, source: Source = Source.COMMENT) -> None:
        """Somebody wants documentation."""
        key = replace(self.desk.key, pipeline="docs")
        number = len(self.bodies) + 70
        seen = CommandSeen(
            key.installation_id, key.repo_id, key.number, NAME, source, number, 5, "mona", "docs"
        )
        await tell(self.desk.database, seen, at=self.desk.clock())
        (command,) = await self.store.wanted(key.repo_id, key.number)
        await self.store.await_work(command.id, Want(key, NAME, Priority.COMMAND, "command.docs"))

    @asynccontextmanager
    async def run(self, **limits: Any) -> AsyncIterator[Steps]:
        """One run of the work; `waits` are counted anew."""
        self.desk.clock.advance(LEASE_S)
        self.waits = Waits()
        claim = await self.desk.work.claim()
        assert claim is not None
        self.lease = Lease(self.desk.work, claim)
        command = (await self.asked.waiting(claim.key, claim.generation))[0]
        errand = Errand(self.desk.octo.client, self.lease, await self.desk.octo.read_pull(), command)
        shows = showing(self.desk, sleep=self.waits.sleep, **limits)
        async with shows.shown(errand) as steps:
            yield steps

    async def break_off(self, error: BaseException, *, superseded: bool = False) -> None:
        """A run that is shown and then ends like this."""
        async with self.run() as steps:
            steps.tell("10 of 50 pages written")
            steps.hasten()
            await self.seen("10 of 50")
            if superseded:
                await self.ask()
            raise error

    async def answer(self, text: str) -> None:
        """The run's end."""
        assert self.lease is not None
        claim = self.lease.claim
        pull = await self.desk.octo.read_pull()
        await self.asked.fulfil(self.desk.octo.client, claim.key, claim.generation, pull, text)

    async def seen(self, *words: str) -> str:
        """The only comment, once it holds these words."""

        async def there() -> bool:
            return bool(self.bodies) and all(word in self.bodies[0] for word in words)

        await until(there, 5.0)
        [body] = self.bodies
        return body


@pytest.fixture
async def scene(desk: Desk) -> Scene:
    scene = Scene(desk)
    await scene.ask()
    return scene


async def test_quick_work_is_not_shown_at_all(scene: Scene) -> None:
    async with scene.run() as steps:
        steps.tell("9 of 9 modules read")
    assert scene.bodies == []
    await scene.answer("Done.")
    assert len(scene.bodies) == 1


async def test_what_takes_long_is_shown_with_its_cost_and_becomes_the_answer(scene: Scene) -> None:
    async with scene.run() as steps:
        steps.limit_micros = 1_000_000
        steps.tell("300 modules read", "10 of 50 pages written")
        assert scene.lease is not None
        record = CallStore(scene.desk.database, scene.desk.clock).recorder(scene.lease.claim, "abc")
        await record(Call("docs/write", "m", "answered", Usage(calls=1, cost_micros=40_000)))
        await scene.waits.end(1)
        body = await scene.seen("300 modules read, 10 of 50 pages written, $0.0400 of $1.00.")
        assert "running" not in body, "whatever becomes of the run, what it says stays true"
    assert scene.waits.asked[0] == 10.0
    await scene.answer("Documentation is proposed.")
    [body] = scene.bodies
    assert body.startswith("Documentation is proposed.")
    assert "modules read" not in body
    await scene.answer("Again.")
    assert scene.bodies == [body], "an answer stays as it is"


async def test_work_in_several_rounds_is_shown_at_once_and_edited_seldom(scene: Scene) -> None:
    async with scene.run(edits_max=2) as steps:
        steps.tell("10 of 50 pages written")
        steps.hasten()
        await scene.seen("10 of 50")
        for done in (20, 30):
            steps.tell(f"{done} of 50 pages written")
        assert "10 of 50" in scene.bodies[0], "no edit before its time"
        await scene.waits.end(2)
        await scene.seen("30 of 50")
        steps.tell("40 of 50 pages written")
        await scene.waits.end(3)
    assert scene.waits.asked == [10.0, 30.0, 30.0]
    assert "30 of 50" in scene.bodies[0], "no more edits than that"


@pytest.mark.parametrize("kind", ["drop_after_commit", "status_after_commit"])
async def test_a_comment_whose_making_was_not_confirmed_is_not_made_again(scene: Scene, kind: str) -> None:
    scene.desk.octo.github.faults.add(Fault(("POST", ".*/comments"), kind))
    async with scene.run() as steps:
        steps.tell("begun")
        steps.hasten()
        await scene.waits.end(2)
        steps.tell("going on")
        await scene.seen("going on")
    await scene.answer("Done.")
    [body] = scene.bodies
    assert body.startswith("Done.")


@pytest.mark.parametrize("error", [TransientError("Away."), asyncio.CancelledError(), ZeroDivisionError()])
async def test_a_run_that_is_cut_off_says_so_and_the_next_goes_on_in_its_comment(
    scene: Scene, error: BaseException
) -> None:
    with pytest.raises(type(error)):
        await scene.break_off(error)
    assert "interrupted" in await scene.seen("10 of 50")
    async with scene.run() as steps:
        steps.tell("20 of 50 pages written")
        body = await scene.seen("20 of 50")
    assert "interrupted" not in body
    assert scene.waits.asked == [30.0], "what is shown already does not wait"
    await scene.answer("Done.")
    assert len(scene.bodies) == 1


async def test_a_superseded_run_leaves_its_comment_to_the_newer_one(scene: Scene) -> None:
    with pytest.raises(asyncio.CancelledError):
        await scene.break_off(asyncio.CancelledError(), superseded=True)
    before = scene.bodies
    assert "interrupted" not in before[0]
    async with scene.run() as steps:
        steps.tell("1 of 60 pages written")
        await scene.seen("1 of 60")
    await scene.answer("Done.")
    assert [one.startswith("Done.") for one in scene.bodies] == [True, True], "both who asked are answered"


async def test_whoever_gives_the_work_up_ends_the_comment(scene: Scene) -> None:
    with pytest.raises(UserError):
        await scene.break_off(UserError("The branch is gone."))
    assert scene.lease is not None
    claim, pull = scene.lease.claim, await scene.desk.octo.read_pull()
    await scene.asked.refuse(scene.desk.octo.client, claim.key, claim.generation, pull, "It failed.")
    [body] = scene.bodies
    assert body.startswith("It failed.")


async def test_what_somebody_has_deleted_is_not_shown_again_in_this_run(scene: Scene) -> None:
    comments = scene.desk.octo.github.world.issue_comments
    async with scene.run() as steps:
        steps.hasten()
        await scene.seen("begun")
        comments.clear()
        steps.tell("10 of 50 pages written")
        await scene.waits.end(2)
        await asyncio.sleep(0.05)
    assert scene.bodies == []


@pytest.mark.parametrize("answered", [False, True])
async def test_what_nobody_will_end_any_more_is_ended_as_what_it_is(scene: Scene, answered: bool) -> None:
    """Its work is wanted no longer: the App was suspended meanwhile, say."""
    with pytest.raises(TransientError):
        await scene.break_off(TransientError("The database is away."))
    assert scene.lease is not None
    if answered:
        await scene.answer("Done.")
    await end_stale(scene)
    assert "interrupted" in scene.bodies[0] or answered, "it is wanted still"
    await scene.desk.work.finish(scene.lease.claim, "")
    for _ in range(2):
        await end_stale(scene)
    [body] = scene.bodies
    assert body.startswith("Done." if answered else "This was cut off")
    assert await scene.asked.waiting(scene.lease.claim.key, scene.lease.claim.generation) == []


async def end_stale(scene: Scene) -> None:
    desk = scene.desk
    desk.clock.advance(HOUR_S)
    stale = StaleStore(desk.database, desk.clock)
    await StaleAnswers(desk.octo.clients, stale, scene.store, desk.clock, HOUR_S)(Held(0.0, nothing))


async def nothing() -> None:
    """Nobody else wants the turn."""
