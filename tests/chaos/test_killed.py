"""Processes are killed and servers lost in the middle of a review: it ends in exactly one."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
import sqlalchemy as sa
from redis.asyncio import Redis

from tests.databases import kill_valkey, start_valkey
from tests.demo import stand_in
from tests.fakes.github import Fault, Pull
from tests.fakes.models import Silence
from tests.journeys.stack import free_port
from tests.journeys.warmed import WarmProcess
from tests.journeys.world import UNHURRIED, World, opened
from tests.sample import Sample, build
from workers.storage.database import Database

SLOW = Silence(1.0, stand_in.ANSWER)
"""Long enough to be killed in the middle of, and to be looked at before."""


@pytest.fixture
def shop(tmp_path: Path) -> Sample:
    return build(tmp_path / "git")


def open_sample(world: World) -> Pull:
    return world.github.open_pull(world.repository, head="export", title="Export orders")


def open_another(world: World) -> Pull:
    """A pull request with a head of its own."""
    world.git.checkout("export")
    head = world.git.commit({"shop/another.py": '"""Another."""\nimport os\n\nos.system("ls " + input())\n'})
    return world.github.open_pull(world.repository, head=head, title="Another")


def assert_exactly_one(world: World, pull: Pull) -> None:
    assert len(world.github.reviews(pull)) == 1
    assert len(world.github.issue_comments(pull)) == 1
    assert [run.status for run in world.github.check_runs(pull.head_sha)] == ["completed"]
    bodies = [one["body"] for one in world.github.review_comments(pull)]
    assert len(bodies) == len(set(bodies))
    assert bodies


async def leases_end(world: World) -> None:
    """What a dead worker held, work and questions, is free now: no test waits for that."""
    free = sa.text("UPDATE work SET lease_until = 0 WHERE lease_token <> ''")
    database = Database.connect(world.stack.settings["QUORUM_DATABASE_URL"])
    await database.write(lambda conn: conn.execute(free))
    await database.close()
    async with Redis.from_url(world.stack.settings["QUORUM_REDIS_URL"]) as client:
        async for lead in client.scan_iter("*:lead:*"):
            await client.delete(lead)


async def test_a_worker_killed_in_the_middle_of_a_review(
    shop: Sample, database_url: str, valkey: str, tmp_path: Path
) -> None:
    """Another worker takes the work over when the lease has run out."""
    async with opened(
        tmp_path,
        shop.repository,
        database_url=database_url,
        redis_url=valkey,
        answer=SLOW,
        settings=UNHURRIED,
        process=WarmProcess,
    ) as world:
        pull = open_sample(world)
        await world.models.busy()
        await world.stack.worker.kill()
        await leases_end(world)
        async with world.stack.successor():
            await world.reviewed(pull)
        assert_exactly_one(world, pull)


@pytest.mark.parametrize(
    "path",
    [r".*/reviews$", r".*/issues/\d+/comments$", r".*/check-runs$"],
    ids=["review", "summary", "check"],
)
async def test_a_write_whose_answer_was_lost_is_not_made_twice(
    shop: Sample, sqlite_url: str, valkey: str, tmp_path: Path, path: str
) -> None:
    """GitHub made it, the answer never came: it is read back by marker and author."""
    async with opened(
        tmp_path,
        shop.repository,
        database_url=sqlite_url,
        redis_url=valkey,
        answer=stand_in.ANSWER,
        process=WarmProcess,
    ) as world:
        fault = world.github.faults.add(Fault(("POST", path), "drop_after_commit"))
        pull = open_sample(world)
        await world.reviewed(pull)
        assert fault.times == 0
        assert_exactly_one(world, pull)


async def test_a_worker_killed_between_posting_and_remembering(
    shop: Sample, sqlite_url: str, valkey: str, tmp_path: Path
) -> None:
    """The review is at GitHub, the worker that sent it is dead before it could write so down."""
    async with opened(
        tmp_path,
        shop.repository,
        database_url=sqlite_url,
        redis_url=valkey,
        answer=stand_in.ANSWER,
        process=WarmProcess,
    ) as world:
        world.github.faults.add(Fault(("POST", r".*/reviews$"), "drop_after_commit"))
        pull = open_sample(world)
        await world.wait(lambda: bool(world.github.reviews(pull)))
        await world.stack.worker.kill()
        await leases_end(world)
        async with world.stack.successor():
            await world.reviewed(pull)
        assert_exactly_one(world, pull)


async def test_valkey_killed_and_emptied_in_the_middle_of_a_review(
    shop: Sample, sqlite_url: str, tmp_path: Path
) -> None:
    """It comes back empty: the review that ran is posted once, and the next pull request is reviewed too."""
    port = free_port()
    server, url = start_valkey(port), f"redis://127.0.0.1:{port}"
    try:
        async with opened(
            tmp_path,
            shop.repository,
            database_url=sqlite_url,
            redis_url=url,
            answer=SLOW,
            process=WarmProcess,
        ) as world:
            pull = open_sample(world)
            await world.models.busy()
            kill_valkey(server)
            other = open_another(world)
            await world.github.delivered()
            server = start_valkey(port)
            await world.reviewed(pull)
            await world.reviewed(other)
            assert_exactly_one(world, other)
            assert world.stack.worker.is_running
    finally:
        kill_valkey(server)


async def test_a_stopped_worker_gives_its_work_back_at_once(
    shop: Sample, sqlite_url: str, valkey: str, tmp_path: Path
) -> None:
    """SIGTERM: the process ends by itself, and its review is done by the next worker long before the lease ends."""
    async with opened(
        tmp_path,
        shop.repository,
        database_url=sqlite_url,
        redis_url=valkey,
        answer=SLOW,
        settings={"QUORUM_LEASE_S": "600"},
        process=WarmProcess,
    ) as world:
        pull = open_sample(world)
        await world.models.busy()
        world.stack.worker.signal(signal.SIGTERM)
        assert await world.stack.worker.wait() == 0
        async with world.stack.successor():
            await world.reviewed(pull)
        assert_exactly_one(world, pull)


async def test_work_that_kills_three_workers_is_parked_with_a_visible_check(
    shop: Sample, sqlite_url: str, valkey: str, tmp_path: Path
) -> None:
    """The pull request says that it was not reviewed; other pull requests still are."""
    async with opened(
        tmp_path,
        shop.repository,
        database_url=sqlite_url,
        redis_url=valkey,
        answer=Silence(60.0),
        settings=UNHURRIED,
        process=WarmProcess,
    ) as world:
        pull = open_sample(world)
        worker = world.stack.worker
        for number in range(3):
            await world.wait(lambda: world.models.in_flight > 0)
            await worker.kill()
            await leases_end(world)
            await world.models.idle()
            worker = world.stack.new_worker(f"worker-{number}")
            await worker.start()
        try:
            run = await world.reviewed(pull)
            world.models.default = stand_in.ANSWER
            await world.reviewed(open_another(world))
        finally:
            await worker.kill()
        assert run.conclusion == "action_required"
        assert "Not reviewed" in (run.output["title"] or "")
        assert not world.github.reviews(pull)


async def test_the_receiver_killed_after_its_answer_loses_nothing(
    shop: Sample, sqlite_url: str, valkey: str, tmp_path: Path
) -> None:
    """What was answered 202 is in the database, whatever happens to the process next."""
    async with opened(
        tmp_path,
        shop.repository,
        database_url=sqlite_url,
        redis_url=valkey,
        answer=stand_in.ANSWER,
        process=WarmProcess,
    ) as world:
        await world.stack.worker.kill()
        pull = open_sample(world)
        await world.github.delivered()
        await world.stack.web.kill()
        async with world.stack.successor():
            await world.reviewed(pull)
        assert_exactly_one(world, pull)
