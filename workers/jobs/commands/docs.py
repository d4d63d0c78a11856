"""`docs [paths]`: write documentation of the base branch now; the job that does it answers."""

from __future__ import annotations

from workers.jobs.commands.act import Given, Outcome
from workers.jobs.commands.wanting import want_work


async def docs(given: Given) -> Outcome:
    """Want the pages of what was named, or of everything."""
    return await want_work(given, "docs")
