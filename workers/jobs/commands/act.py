"""What a command is given, and what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from workers.domain.change import PullRequest
from workers.domain.command import Command, Progress
from workers.github.client import InstallationClient
from workers.github.sanitise import Sanitiser
from workers.jobs.budgets import RepositoryBudgets
from workers.jobs.rules import Rules
from workers.storage.calls import CallStore
from workers.storage.commands import CommandStore
from workers.storage.dismissals import DismissalStore
from workers.storage.pulls import PullStore


@dataclass(frozen=True, slots=True)
class Stores:
    """What commands remember, and what they look up."""

    commands: CommandStore
    pulls: PullStore
    calls: CallStore
    dismissals: DismissalStore
    budgets: RepositoryBudgets


@dataclass(frozen=True, slots=True)
class Given:
    """One permitted command and where it was given; `now` in epoch seconds."""

    command: Command
    pull: PullRequest
    rules: Rules
    client: InstallationClient
    stores: Stores
    sanitiser: Sanitiser
    bot_id: int
    now: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: `text` is the reply, none when it is empty. WAITING leaves the end to the review that was asked."""

    text: str = ""
    progress: Progress = Progress.DONE


Act = Callable[[Given], Awaitable[Outcome]]
