"""`pause`: pushes to this pull request are not reviewed until somebody resumes."""

from __future__ import annotations

from workers.github.render.answers import paused_text
from workers.jobs.commands.act import Given, Outcome


async def pause(given: Given) -> Outcome:
    """Remember who paused it; a review under way goes on."""
    seen = given.command.seen
    await given.stores.pulls.pause(seen.repo_id, seen.number, seen.actor)
    return Outcome(paused_text())
