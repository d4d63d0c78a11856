"""Sending with patience: a few tries, further and further apart, and a word in the log when it was no use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from workers.notify.notice import Channel, Notice, NotSentError

log = structlog.get_logger()

WAITS_S = (1.0, 5.0)
"""Between the three tries."""


async def deliver(channel: Channel, notice: Notice, sleep: Callable[[float], Awaitable[None]]) -> bool:
    """Whether `channel` has taken `notice`. Never raises for a channel that fails: there are others."""
    for wait_s in (*WAITS_S, None):
        try:
            await channel.send(notice)
        except NotSentError as error:
            log.warning("notice not sent", channel=channel.name, notice=notice.id, why=str(error))
            if wait_s is None or not error.retryable:
                return False
            await sleep(wait_s)
        else:
            return True
    return False
