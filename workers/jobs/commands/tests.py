"""`tests [paths]`: write tests for the change, or for what was named; the job that does it answers."""

from __future__ import annotations

from workers.jobs.commands.act import Given, Outcome
from workers.jobs.commands.wanting import want_work


async def tests(given: Given) -> Outcome:
    """Want the tests."""
    return await want_work(given, "tests")
