"""GitHub's limits, in each shape that it tells them: all work of the installation waits, nothing is sent, and goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from starlette.responses import Response

from tests.workers.github.scripted import START, FakeTime, Scripted, error, of, speaking_to
from tests.workers.jobs.test_runner import Office
from tests.workers.storage.wanting import want
from workers.storage.lease import Lease

SECONDARY = "You have exceeded a secondary rate limit."
RESET = {"x_ratelimit_remaining": "0", "x_ratelimit_reset": str(int(START) + 600)}
SHAPES = {
    "the hour's requests are used up": (error(403, "API rate limit exceeded", **RESET), 603.5),
    "a wait that is told": (error(429, SECONDARY, retry_after="90"), 90.0),
    "a wait that is not told": (error(403, SECONDARY, x_ratelimit_remaining="4000"), 60.0),
}


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[Office]:
    office = Office(sqlite_url)
    yield office
    await office.runner.stop(0.1)
    await office.database.close()


@pytest.mark.parametrize(("limit", "wait_s"), SHAPES.values(), ids=SHAPES.keys())
async def test_work_is_parked_and_goes_on(office: Office, limit: Response, wait_s: float) -> None:
    github, time = Scripted(), FakeTime()
    github.on("GET /thing", limit, {"ok": True})

    def pass_s(seconds: float) -> None:
        time.at += seconds
        office.desk.clock.advance(seconds)

    async with speaking_to(github, time) as clients:

        async def read(_: Lease) -> str:
            await of(clients).get("/thing")
            return "sha"

        office.act = read
        await office.desk.want(want(1), want(2))
        assert await office.runner.run_one()
        pass_s(wait_s - 1)
        assert not await office.runner.run_one()
        assert len(github.seen) == 1
        pass_s(1.1)
        assert [await office.runner.run_one() for _ in range(3)] == [True, True, False]
    assert sorted(office.started) == [1, 1, 2]
    assert (await office.desk.store.counts()).wanted == 0
