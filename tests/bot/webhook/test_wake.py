"""Kicks in the background: few, and none of them in anybody's way."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from bot.webhook.wake import Wake


class Kicks:
    def __init__(self, *faults: Exception) -> None:
        self.count = 0
        self._faults = list(faults)

    async def __call__(self) -> None:
        self.count += 1
        if self._faults:
            raise self._faults.pop()


async def test_a_burst_is_one_kick_and_one_more() -> None:
    kicks = Kicks()
    wake = Wake(kicks, pause_s=0.01)
    wake()
    await asyncio.sleep(0)
    for _ in range(100):
        wake()
    await wake.close()
    assert kicks.count == 2


async def test_a_kick_that_fails_is_logged_and_the_next_one_is_sent() -> None:
    kicks = Kicks(OSError("no queue"))
    wake = Wake(kicks, pause_s=0.0)
    with capture_logs() as logs:
        wake()
        await wake.close()
    assert [entry["event"] for entry in logs] == ["workers not woken"]
    wake()
    await wake.close()
    assert kicks.count == 2


async def test_a_kick_that_hangs_is_given_up() -> None:
    wake = Wake(asyncio.Event().wait, pause_s=0.0, timeout_s=0.01)  # type: ignore[arg-type]
    with capture_logs() as logs:
        wake()
        await wake.close()
    assert len(logs) == 1
