"""`describe`: write the pull request's description now; the job that does it answers."""

from __future__ import annotations

from workers.jobs.commands.act import Given, Outcome
from workers.jobs.commands.wanting import want_work


async def describe(given: Given) -> Outcome:
    """Want the description of the present head."""
    return await want_work(given, "describe")
