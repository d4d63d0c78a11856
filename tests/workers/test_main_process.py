"""`quorum worker` as a process: what it says and how it ends."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping

import pytest
import redis.asyncio
from pydantic import SecretStr

from config.settings import Settings
from tests.fakes.github.app import generated_key
from tests.journeys.stack import ROOT, base_environment
from tests.polling import until
from workers.bootstrap import open_services
from workers.main import wire
from workers.queue import WAKE_CHANNEL

STOP_TIMEOUT_S = 20.0


async def _start(settings: Mapping[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "worker",
        cwd=ROOT, env=base_environment(settings), stdout=PIPE, stderr=PIPE,
    )  # fmt: skip


async def _ended(process: Process) -> tuple[int | None, str]:
    """Its exit code and all that it said."""
    async with asyncio.timeout(STOP_TIMEOUT_S):
        out, errors = await process.communicate()
    return process.returncode, (out + errors).decode()


def _given(database_url: str, redis_url: str) -> dict[str, str]:
    return {
        "QUORUM_APP_ID": "1",
        "QUORUM_PRIVATE_KEY": generated_key(),
        "QUORUM_REDIS_URL": redis_url,
        "QUORUM_DATABASE_URL": database_url,
    }


@pytest.mark.parametrize(
    ("settings", "named"),
    [({}, "QUORUM_APP_ID"), ({"QUORUM_JOBS_MAX": "many"}, "QUORUM_JOBS_MAX")],
    ids=["missing", "unreadable"],
)
async def test_settings_that_cannot_be_used_are_one_sentence_and_exit_code_two(
    settings: dict[str, str], named: str
) -> None:
    code, said = await _ended(await _start(settings))
    lines = [line for line in said.splitlines() if line.startswith("quorum: ")]
    assert (code, len(lines)) == (2, 1)
    assert named in lines[0]
    assert "Traceback" not in said


async def test_a_worker_listens_and_ends_with_zero_at_sigterm(sqlite_url: str, valkey: str) -> None:
    process = await _start(_given(sqlite_url, valkey))
    client = redis.asyncio.Redis.from_url(valkey)

    async def is_listening() -> bool:
        return bool((await client.pubsub_numsub(WAKE_CHANNEL))[0][1])

    await until(is_listening)
    await client.aclose()
    process.send_signal(signal.SIGTERM)
    code, said = await _ended(process)
    assert code == 0, said


async def test_the_parts_of_a_worker_follow_its_settings(sqlite_url: str, valkey: str) -> None:
    settings = Settings(
        app_id=1,
        private_key=SecretStr(generated_key()),
        database_url=SecretStr(sqlite_url),
        redis_url=SecretStr(valkey),
        jobs_max=3,
    )
    async with open_services(settings) as services:
        wiring = wire(services)
    assert (wiring.runner.free, wiring.redis_url) == (3, valkey)
