"""What a command is given, and what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from config.settings import Settings
from workers.bootstrap.models import RunModels
from workers.domain.change import Hunk, PullRequest
from workers.domain.command import Command, Progress
from workers.domain.work import Claim
from workers.github.client import InstallationClient
from workers.github.sanitise import Sanitiser
from workers.jobs.budgets import RepositoryBudgets
from workers.jobs.closer import Closer
from workers.jobs.rules import Rules
from workers.storage.calls import CallStore
from workers.storage.commands import CommandStore
from workers.storage.dismissals import DismissalStore
from workers.storage.findings import FindingStore
from workers.storage.pulls import PullStore
from workers.storage.receipts import ReceiptBook


@dataclass(frozen=True, slots=True)
class Stores:
    """What commands remember, and what they look up."""

    commands: CommandStore
    pulls: PullStore
    calls: CallStore
    dismissals: DismissalStore
    findings: FindingStore
    budgets: RepositoryBudgets


@dataclass(frozen=True, slots=True)
class Thinking:
    """What commands that ask models need; `new_boundary` makes the word that marks data in a question."""

    models: RunModels
    receipts: ReceiptBook
    settings: Settings
    parse_patch: Callable[[str], tuple[Hunk, ...]]
    new_boundary: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Given:
    """One permitted command and where it was given; `now` in epoch seconds.

    `heard`: a reply will be posted. `claim` is that of the job, in whose name models are asked.
    """

    command: Command
    pull: PullRequest
    rules: Rules
    client: InstallationClient
    stores: Stores
    thinking: Thinking
    closer: Closer
    claim: Claim
    sanitiser: Sanitiser
    bot_id: int
    heard: bool
    now: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: `text` is the reply, none when it is empty. WAITING leaves the end to the review that was asked."""

    text: str = ""
    progress: Progress = Progress.DONE


Act = Callable[[Given], Awaitable[Outcome]]
