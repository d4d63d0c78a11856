"""How jobs run, and how each way to end is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.fakes.clock import Clock
from tests.polling import until
from tests.workers.storage.wanting import Desk, tokens, want
from workers.domain.errors import LeaseLostError, RateLimitedError, TransientError, UserError
from workers.domain.work import Claim
from workers.jobs.runner import Job, Runner
from workers.storage.database import Database, StorageUnavailableError
from workers.storage.lease import Lease
from workers.storage.work import WorkStore


class Office:
    """A runner over a real database whose one job does what `act` says."""

    def __init__(self, url: str, *, jobs_max: int = 3, job_timeout_s: float = 10.0) -> None:
        self.database = Database.connect(url)
        self.desk = Desk(self.database)
        self.started: list[int] = []
        self.passed_on = 0
        self.begun = asyncio.Event()
        self.hold = asyncio.Event()
        self.act: Job = self.succeed
        self.runner = Runner(
            self.desk.store,
            {"review": self.job},
            jobs_max=jobs_max,
            job_timeout_s=job_timeout_s,
            now=self.desk.clock,
            pass_on=self.pass_on,
        )

    async def pass_on(self) -> None:
        self.passed_on += 1

    async def job(self, lease: Lease) -> str:
        self.started.append(lease.claim.key.number)
        self.begun.set()
        return await self.act(lease)

    async def succeed(self, _: Lease) -> str:
        return "sha"

    async def wait(self, _: Lease) -> str:
        await self.hold.wait()
        return "sha"

    def fail_with(self, error: BaseException) -> None:
        async def fail(_: Lease) -> str:
            raise error

        self.act = fail

    async def until_full(self) -> None:
        async def is_full() -> bool:
            return self.passed_on > 0

        await until(is_full)

    async def until_done(self, count: int) -> None:
        async def is_done() -> bool:
            return (await self.desk.store.counts()).wanted == 0 and len(self.started) >= count

        await until(is_done)


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[Office]:
    office = Office(sqlite_url)
    yield office
    await office.runner.stop(0.1)
    await office.database.close()


async def test_no_work_is_told(office: Office) -> None:
    assert await office.runner.run_one() is False


async def test_a_job_that_succeeds_is_done(office: Office) -> None:
    await office.desk.want(want())
    assert await office.runner.run_one() is True
    assert await office.desk.claimed() == []


async def test_one_wake_runs_all_there_is(office: Office) -> None:
    await office.desk.want(*(want(number) for number in range(10)))
    office.runner.wake()
    await office.until_done(10)
    assert sorted(office.started) == list(range(10))


async def test_no_more_than_the_slots_run_at_once(office: Office) -> None:
    office.act = office.wait
    await office.desk.want(*(want(number) for number in range(5)))
    office.runner.wake()
    await office.until_full()
    assert (len(office.started), office.runner.free) == (3, 0)
    office.hold.set()
    await office.until_done(5)


async def test_a_wake_while_all_slots_are_taken_is_not_forgotten(office: Office) -> None:
    office.act = office.wait
    await office.desk.want(*(want(number) for number in range(3)))
    office.runner.wake()
    await office.until_full()
    await office.desk.want(want(4))
    office.runner.wake()
    office.hold.set()
    await office.until_done(4)


async def test_a_transient_failure_comes_back_later(office: Office) -> None:
    office.fail_with(TransientError("502", retry_after_s=45))
    await office.desk.want(want())
    await office.runner.run_one()
    assert await office.desk.store.next_due_s() == 45


async def test_a_rate_limit_parks_the_installation(office: Office) -> None:
    office.fail_with(RateLimitedError("secondary limit", retry_after_s=70))
    await office.desk.want(want(1), want(2))
    await office.runner.run_one()
    assert await office.desk.claimed() == []
    assert await office.desk.store.next_due_s() == 70


async def test_what_people_must_fix_is_not_retried(office: Office) -> None:
    office.fail_with(UserError("No permission."))
    await office.desk.want(want())
    await office.runner.run_one()
    office.desk.clock.advance(100_000)
    assert await office.desk.claimed() == []
    assert await office.desk.store.unreported_dead() == []


async def test_an_unknown_pipeline_is_not_retried(office: Office) -> None:
    await office.desk.want(want(pipeline="divination"))
    await office.runner.run_one()
    office.desk.clock.advance(100_000)
    assert await office.desk.claimed() == []


async def test_a_bug_ends_as_dead_work_the_third_time(office: Office) -> None:
    office.fail_with(ZeroDivisionError("division by zero"))
    await office.desk.want(want())
    for _ in range(3):
        assert await office.runner.run_one()
        office.desk.clock.advance(10_000)
    assert [dead.error for dead in await office.desk.store.unreported_dead()] == [
        "ZeroDivisionError: division by zero"
    ]


async def test_stored_errors_hold_no_secrets(office: Office) -> None:
    office.fail_with(ZeroDivisionError("ghs_" + "a" * 36))
    await office.desk.want(want())
    for _ in range(3):
        await office.runner.run_one()
        office.desk.clock.advance(10_000)
    (dead,) = await office.desk.store.unreported_dead()
    assert dead.error == "ZeroDivisionError: [redacted]"


async def test_a_job_that_runs_too_long_counts_as_a_crash(sqlite_url: str) -> None:
    office = Office(sqlite_url, job_timeout_s=0.05)
    office.act = office.wait
    await office.desk.want(want())
    await office.runner.run_one()
    assert await office.desk.store.next_due_s() == 30
    await office.database.close()


async def test_a_job_that_cancels_itself_counts_as_a_crash(office: Office) -> None:
    office.fail_with(asyncio.CancelledError())
    await office.desk.want(want())
    await office.runner.run_one()
    assert await office.desk.store.next_due_s() == 30


async def test_a_lease_that_was_lost_to_nobody_is_an_attempt_and_no_crash(office: Office) -> None:
    office.fail_with(LeaseLostError("gone"))
    await office.desk.want(want())
    await office.runner.run_one()
    office.desk.clock.advance(60)
    claim = await office.desk.store.claim()
    assert claim is not None
    assert (claim.attempts, claim.crashes) == (1, 0)


async def test_a_lease_that_was_lost_to_another_worker_stays_with_that_one_and_was_no_crash(
    office: Office,
) -> None:
    taken: list[Claim] = []

    async def be_overtaken(_: Lease) -> str:
        office.desk.clock.advance(3_600)
        taken.append(await claimed(office.desk))
        raise LeaseLostError("gone")

    office.act = be_overtaken
    await office.desk.want(want())
    await office.runner.run_one()
    assert (await office.desk.store.counts()).running == 1
    await office.desk.store.release(taken[0])
    assert (taken[0].crashes, (await claimed(office.desk)).crashes) == (1, 0)


async def claimed(desk: Desk) -> Claim:
    """What another worker is given."""
    claim = await desk.store.claim()
    assert claim is not None
    return claim


async def test_a_superseded_run_gives_way_to_the_newer_want(office: Office) -> None:
    async def be_superseded(lease: Lease) -> str:
        office.act = office.succeed
        await office.desk.want(want(lease.claim.key.number))
        await lease.check()
        return "old"

    office.act = be_superseded
    await office.desk.want(want())
    office.runner.wake()
    await office.until_done(2)
    assert office.started == [1, 1]


async def test_stopping_cancels_and_releases_jobs_that_think(office: Office) -> None:
    office.act = office.wait
    await office.desk.want(want())
    office.runner.wake()
    await office.begun.wait()
    await office.runner.stop(10)
    claim = await office.desk.store.claim()
    assert claim is not None
    assert (claim.attempts, claim.crashes) == (0, 0)


async def test_stopping_lets_jobs_that_write_finish(office: Office) -> None:
    async def write(lease: Lease) -> str:
        async with lease.writing():
            office.hold.set()
            await asyncio.sleep(0.1)
        return "sha"

    office.act = write
    await office.desk.want(want())
    office.runner.wake()
    await office.hold.wait()
    await office.runner.stop(10)
    assert (await office.desk.store.counts()).wanted == 0


async def test_stopping_ends_writing_that_takes_too_long(office: Office) -> None:
    async def write(lease: Lease) -> str:
        async with lease.writing():
            office.hold.set()
            await asyncio.Event().wait()
        return "sha"

    office.act = write
    await office.desk.want(want())
    office.runner.wake()
    await office.hold.wait()
    await office.runner.stop(0.05)
    assert (await office.desk.store.counts()).ready == 1


async def test_a_stopped_runner_claims_nothing(office: Office) -> None:
    await office.runner.stop(1)
    await office.desk.want(want())
    office.runner.wake()
    assert await office.runner.run_one() is False
    assert await office.desk.claimed() == [1]


async def test_a_database_that_is_away_is_no_end(sqlite_url: str) -> None:
    office = Office("sqlite+aiosqlite:////nowhere/quorum.db")
    assert await office.runner.run_one() is False
    await office.database.close()
    await asyncio.sleep(0.05)  # the driver's thread still tells the loop that it ends


class Absent(WorkStore):
    """Its database is away when an end is to be recorded, until somebody else has taken the work."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, now=clock, new_token=tokens(), lease_s=30.0, jitter=lambda: 0.0)
        self.clock = clock
        self.taken_by: Claim | None = None

    async def retry(self, claim: Claim, error: str, retry_after_s: float | None = None) -> None:
        """Away once; then as ever."""
        if self.taken_by is None:
            self.clock.advance(60)
            self.taken_by = await self.claim()
            raise StorageUnavailableError("away")
        await super().retry(claim, error, retry_after_s)


async def test_what_could_not_be_recorded_before_another_took_it_is_no_crash(office: Office) -> None:
    async def fail(_: Lease) -> str:
        raise TransientError("the database")

    store = Absent(office.database, office.desk.clock)

    async def pass_on() -> None:
        """Nobody else is there."""

    runner = Runner(
        store, {"review": fail}, jobs_max=1, job_timeout_s=10.0, now=office.desk.clock, pass_on=pass_on
    )
    await office.desk.want(want())
    await runner.run_one()
    assert store.taken_by is not None
    assert store.taken_by.crashes == 1
    await store.release(store.taken_by)
    claim = await store.claim()
    assert claim is not None
    assert claim.crashes == 0
