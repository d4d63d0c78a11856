"""The review job, where it reads but must not write."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from config.settings import Settings
from tests.workers.jobs.desk import Desk
from workers.bootstrap import open_services
from workers.jobs.registry import jobs
from workers.storage.lease import Lease


async def _review(desk: Desk, lease: Lease, redis_url: str) -> str:
    settings = Settings(
        app_id=desk.octo.github.app.app_id,
        private_key=SecretStr(desk.octo.github.app.private_key),
        database_url=SecretStr(desk.database_url),
        redis_url=SecretStr(redis_url),
    )
    async with open_services(settings) as services:
        return await jobs(replace(services, clients=desk.octo.clients))["review"](lease)


@pytest.mark.parametrize("merged", [False, True], ids=["closed", "merged"])
async def test_a_pull_request_that_is_no_longer_open_gets_nothing(
    desk: Desk, merged: bool, valkey: str
) -> None:
    lease = await desk.lease()
    desk.octo.github.close(desk.octo.pull, merged=merged)
    assert await _review(desk, lease, valkey) == desk.octo.sha
    assert desk.writes() == []
