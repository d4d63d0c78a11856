"""`audit`: report on the whole repository; the job that does it answers."""

from __future__ import annotations

from workers.jobs.commands.act import Given, Outcome
from workers.jobs.commands.wanting import want_work


async def audit(given: Given) -> Outcome:
    """Want an audit of the pull request's head."""
    return await want_work(given, "audit")
