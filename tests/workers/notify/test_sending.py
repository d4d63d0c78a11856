"""A few tries, and the others go on."""

from __future__ import annotations

from structlog.testing import capture_logs

from tests.workers.notify.hooks import NOTICE
from workers.notify.notice import Notice, NotSentError
from workers.notify.sending import deliver


class Moody:
    """Fails as it is told to, then takes everything."""

    name = "moody"

    def __init__(self, *failures: bool) -> None:
        self.failures = list(failures)
        self.tries = 0

    async def send(self, notice: Notice) -> None:
        self.tries += 1
        if self.failures:
            raise NotSentError("not now", retryable=self.failures.pop(0))


class Sleeper:
    def __init__(self) -> None:
        self.waits: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


async def test_what_fails_for_the_moment_is_tried_again_after_longer_and_longer_waits() -> None:
    channel, sleep = Moody(True, True), Sleeper()
    with capture_logs():
        assert await deliver(channel, NOTICE, sleep)
    assert (channel.tries, sleep.waits) == (3, [1.0, 5.0])


async def test_three_tries_are_enough() -> None:
    channel, sleep = Moody(True, True, True, True), Sleeper()
    with capture_logs() as logs:
        assert not await deliver(channel, NOTICE, sleep)
    assert (channel.tries, len(logs)) == (3, 3)


async def test_what_will_never_work_is_not_tried_again() -> None:
    channel, sleep = Moody(False), Sleeper()
    with capture_logs() as logs:
        assert not await deliver(channel, NOTICE, sleep)
    assert (channel.tries, sleep.waits) == (1, [])
    assert logs[0]["why"] == "not now"
