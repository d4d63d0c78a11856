"""`config`: the values in force, each with its origin."""

from __future__ import annotations

from config.layers import as_rows
from workers.github.render.answers import config_text
from workers.jobs.commands.act import Given, Outcome


async def show_config(given: Given) -> Outcome:
    """Say what is in force for this pull request, and what is wrong with the files that should be."""
    rows = as_rows(given.rules.effective)
    return Outcome(config_text(rows, given.rules.notices, given.sanitiser))
