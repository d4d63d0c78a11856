"""Which command does what; one that waits for its capability says so."""

from __future__ import annotations

from collections.abc import Mapping

from config.commands import COMMANDS
from workers.domain.command import Progress
from workers.github.render.answers import pending_text
from workers.jobs.commands.act import Act, Given, Outcome
from workers.jobs.commands.ask import ask
from workers.jobs.commands.audit import audit
from workers.jobs.commands.config import show_config
from workers.jobs.commands.cost import show_cost
from workers.jobs.commands.describe import describe
from workers.jobs.commands.dismiss import dismiss
from workers.jobs.commands.docs import docs
from workers.jobs.commands.help import show_help
from workers.jobs.commands.improve import improve
from workers.jobs.commands.pause import pause
from workers.jobs.commands.resolve import resolve
from workers.jobs.commands.resume import resume
from workers.jobs.commands.review import review
from workers.jobs.commands.tests import tests


async def _pending(given: Given) -> Outcome:
    return Outcome(pending_text(COMMANDS[given.command.seen.name]), Progress.REFUSED)


ACTS: Mapping[str, Act] = {
    **{name: _pending for name, spec in COMMANDS.items() if spec.pending},
    "review": review,
    "ask": ask,
    "describe": describe,
    "improve": improve,
    "docs": docs,
    "tests": tests,
    "audit": audit,
    "pause": pause,
    "resume": resume,
    "resolve": resolve,
    "dismiss": dismiss,
    "config": show_config,
    "cost": show_cost,
    "help": show_help,
}
