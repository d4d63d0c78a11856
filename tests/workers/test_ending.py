"""A process that hangs while it stops: it says where, and ends."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from structlog.testing import capture_logs

from tests.polling import until
from workers.ending import STUCK_EXIT, ended_within

HANGING = """
import asyncio, time
from workers.ending import ended_within

async def main():
    with ended_within(0.2, asyncio.get_running_loop()):
        asyncio.get_running_loop().run_in_executor(None, time.sleep, 600)

asyncio.run(main())
"""


async def test_who_was_asked_and_goes_on_is_ended_and_told_of() -> None:
    ends: list[int] = []

    async def ended() -> bool:
        return bool(ends)

    with capture_logs() as logs, ended_within(0.05, asyncio.get_running_loop(), ends.append) as begin:
        begin()
        begin()  # asked twice, it has no more time
        await until(ended)
    assert ends == [STUCK_EXIT]
    assert [one["event"] for one in logs] == ["did not stop in time"]
    assert any("test_ending.py" in place for place in logs[0]["tasks"])
    assert any(place.startswith("MainThread: ") for place in logs[0]["threads"])


def test_a_thread_that_never_ends_does_not_keep_the_process() -> None:
    ended = subprocess.run([sys.executable, "-c", HANGING], capture_output=True, text=True, timeout=30)
    assert ended.returncode == STUCK_EXIT
    assert "did not stop in time" in ended.stdout + ended.stderr
