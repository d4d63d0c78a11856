"""`help [command]`: the registry, as a table."""

from __future__ import annotations

from workers.github.render.answers import help_text
from workers.jobs.commands.act import Given, Outcome


async def show_help(given: Given) -> Outcome:
    """Say what there is, who may use it here, and what is not there yet."""
    return Outcome(help_text(given.rules.config, given.command.seen.arguments))
