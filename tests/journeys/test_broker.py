"""The key in a process of its own: reviews are written without it, and wait while it is away."""

from __future__ import annotations

from pathlib import Path

from tests.databases import Valkey
from tests.journeys.brokered import broker_of, keyless
from tests.journeys.shared_world import BROKEN_LOG, SINK, Services, propose, small_repository
from tests.journeys.world import UNHURRIED, opened


async def test_work_waits_for_the_broker_and_is_done_without_the_key(
    tmp_path: Path, sqlite_template: Path, valkey_server: Valkey
) -> None:
    services = Services(sqlite_template, valkey_server.url)
    async with opened(
        tmp_path,
        small_repository(tmp_path),
        database_url=services.database(tmp_path),
        redis_url=services.valkey_url,
        answer=None,
        settings={**UNHURRIED, **keyless(tmp_path)},
    ) as world:
        worker = world.stack.worker
        pull = propose(world, "runs", {"shop/run.py": SINK})
        await world.wait(
            lambda: "BrokerAwayError" in worker.text() and "installation parked" in worker.text()
        )
        assert not world.github.world.tokens
        async with broker_of(world) as broker:
            assert (await world.reviewed(pull)).status == "completed"
            assert world.github.reviews(pull)
            said = worker.text() + world.stack.web.text() + broker.text()
        assert '"purpose": "review"' in broker.text(), "who got what is told"
        assert [mark for mark in BROKEN_LOG if mark in said] == [], said[-8000:]
