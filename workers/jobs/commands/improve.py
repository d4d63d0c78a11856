"""`improve`: suggest improvements of the change; the job that does it answers."""

from __future__ import annotations

from workers.jobs.commands.act import Given, Outcome
from workers.jobs.commands.wanting import want_work


async def improve(given: Given) -> Outcome:
    """Want suggestions for the present head."""
    return await want_work(given, "improve")
