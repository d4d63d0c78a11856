"""After a posted review: want the description of its head, where the repository keeps one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from workers.domain.work import Priority, Want
from workers.jobs.afterwards import Posted
from workers.jobs.describe import OFF

PIPELINE = "describe"


@dataclass(frozen=True, slots=True)
class WantDescription:
    """No model is asked here: describing is work of its own, which knows a head that it has described."""

    want: Callable[[Want], Awaitable[None]]
    name: str = PIPELINE

    async def __call__(self, posted: Posted) -> None:
        """Want it, unless `write.description.mode` is off."""
        if posted.config.write.description.mode == OFF:
            return
        claim, pull = posted.posting.lease.claim, posted.posting.pull
        key = replace(claim.key, pipeline=PIPELINE)
        cause = "a review was posted"
        await self.want(Want(key, pull.full_name, Priority.PUSH, cause, head_sha=pull.head_sha))
