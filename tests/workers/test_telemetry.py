"""What may not be logged, and where the time of a job goes."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest

from tests.fakes.clock import Clock
from workers.telemetry import Stopwatch, phase, scrub, timed, waiting


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stopwatch(clock: Clock) -> Stopwatch:
    return Stopwatch(clock)


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_" + "A1b2C3d4E5f6G7h8I9j0",
        "github_pat_" + "A1b2C3d4E5f6G7h8I9j0K1",
        "sk-" + "A1b2C3d4E5f6G7h8I9j0",
        "eyJhbGciOiJI." + "eyJzdWIiOiIx.c2lnbmF0dXJl",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_secrets_are_redacted(secret: str) -> None:
    assert scrub(f"before {secret} after") == "before [redacted] after"


def test_a_url_keeps_all_but_its_password() -> None:
    assert scrub("postgresql://me:hush@db:5432/quorum") == "postgresql://[redacted]@db:5432/quorum"


def test_own_time_is_what_is_no_wait(clock: Clock, stopwatch: Stopwatch) -> None:
    clock.advance(1)
    with stopwatch.wait("github"):
        clock.advance(2)
    timings = stopwatch.read()
    assert (timings.total, timings.own, timings.waits) == (3_000, 1_000, {"github": 2_000})


def test_waits_that_overlap_count_once(clock: Clock, stopwatch: Stopwatch) -> None:
    with stopwatch.wait("analysers"):
        clock.advance(1)
        with stopwatch.wait("analysers"), stopwatch.wait("model"):
            clock.advance(1)
    timings = stopwatch.read()
    assert timings.waits == {"analysers": 2_000, "model": 1_000}
    assert timings.own == 0


def test_a_phase_is_its_own_time_alone(clock: Clock, stopwatch: Stopwatch) -> None:
    with stopwatch.wait("github"):
        clock.advance(1)
        with stopwatch.phase("read"):
            clock.advance(1)
    with stopwatch.phase("read"):
        clock.advance(4)
    assert stopwatch.read().phases == {"read": 4_000}


def test_a_wait_that_fails_counts(clock: Clock, stopwatch: Stopwatch) -> None:
    with pytest.raises(ConnectionError), stopwatch.wait("github"):
        _break_after_a_second(clock)
    assert stopwatch.read().waits == {"github": 1_000}


def _break_after_a_second(clock: Clock) -> None:
    clock.advance(1)
    raise ConnectionError


async def test_tasks_count_in_the_stopwatch_of_the_job_that_started_them() -> None:
    first, second = Clock(), Clock()

    async def job(clock: Clock) -> dict[str, float]:
        with timed(Stopwatch(clock)) as stopwatch:
            await asyncio.gather(_wait_a_second(clock), asyncio.to_thread(_think_a_second, clock))
        timings = stopwatch.read()
        return timings.waits | timings.phases

    both = await asyncio.gather(job(first), job(second))
    assert list(both) == [{"model": 1_000.0, "think": 1_000.0}] * 2


async def _wait_a_second(clock: Clock) -> None:
    with waiting("model"):
        clock.advance(1)


def _think_a_second(clock: Clock) -> None:
    with phase("think"):
        clock.advance(1)


def test_outside_of_a_job_nothing_is_timed(stopwatch: Stopwatch) -> None:
    with waiting("github"), phase("read"):
        pass
    assert stopwatch.read().waits == {}


LOGS = """
import logging, structlog
from workers.telemetry import configure_logging
configure_logging("INFO")
token = "ghp_" + "A1b2C3d4E5f6G7h8I9j0"
structlog.get_logger().info("ours", error=f"with {token}", nested={"errors": [token]})
logging.getLogger("some.library").warning("theirs with %s", token)
"""


def test_every_log_line_is_json_and_scrubbed_ours_and_the_libraries() -> None:
    done = subprocess.run([sys.executable, "-c", LOGS], capture_output=True, text=True, check=True)
    ours, theirs = (json.loads(line) for line in done.stderr.splitlines())
    assert ours["nested"] == {"errors": ["[redacted]"]}
    assert theirs["event"] == "theirs with [redacted]"
    assert "ghp_" not in done.stderr
