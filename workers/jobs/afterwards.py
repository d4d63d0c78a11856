"""What a posted review does beside its comments and its check run, one step a file.

A step that GitHub refuses (a permission that nobody granted) is logged and takes nothing from the review or from the
other steps; what may pass by itself fails the run, which comes back, so every step must be safe to repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from config.repository import RepositoryConfig
from workers.domain.adjudication import Past
from workers.domain.change import ChangedFile
from workers.domain.errors import UserError
from workers.domain.review import Review
from workers.github.client import InstallationClient
from workers.jobs.posting import Posting

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Posted:
    """A review whose comments stand. `posting` knows lease, ledger, pull request and our bot's id."""

    client: InstallationClient
    posting: Posting
    config: RepositoryConfig
    review: Review
    files: tuple[ChangedFile, ...]
    past: Past | None


class Afterwards(Protocol):
    """One step; raises UserError when it can't be done here."""

    @property
    def name(self) -> str:
        """What it is, in the log."""
        ...

    async def __call__(self, posted: Posted) -> None:
        """Do it, at most once for each generation, or so that twice is the same as once."""
        ...


async def do_all(steps: Sequence[Afterwards], posted: Posted) -> None:
    """Every step in turn."""
    for step in steps:
        try:
            await step(posted)
        except UserError as error:
            log.warning("a step after the review was refused", step=step.name, error=str(error))
