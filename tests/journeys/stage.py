"""One running Quorum for many journeys, each in an account and a repository of its own: processes are slow to start."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from tests.fakes.github import FakeGitHub
from tests.fakes.models import Answer, FakeOpenAI
from tests.fakes.repository import GitRepository
from tests.journeys.stack import Stack
from tests.journeys.warmed import WarmProcess
from tests.journeys.world import UNHURRIED, World, started
from tests.polling import until
from workers.storage.database import Database

UNFINISHED = """
SELECT count(*) FROM work
WHERE repo_id = :repository AND pipeline IN ('review', 'command', 'describe', 'improve')
  AND wanted_gen > done_gen AND wanted_gen > dead_gen
"""


@dataclass(frozen=True)
class Stage:
    """Receiver, worker, GitHub and a model; `answer` is what the model says at the start of each journey."""

    github: FakeGitHub
    models: FakeOpenAI
    stack: Stack
    answer: Answer
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def database_url(self) -> str:
        """Where this Quorum keeps what it knows."""
        return self.stack.settings["QUORUM_DATABASE_URL"]

    @contextlib.asynccontextmanager
    async def world(self, git: GitRepository) -> AsyncIterator[World]:
        """`git` as the repository "shop" of a new account; in the end nothing of it is left to be done."""
        self._clear()
        repository = self.github.add_repository(f"octo-{next(self._numbers)}", "shop", git.path)
        yield World(self.github, self.models, self.stack, git, repository)
        await asyncio.wait_for(self.github.delivered(), 10)
        await self._idle(repository.id)

    def _clear(self) -> None:
        """What earlier journeys planned for the model and what was noted of them is gone."""
        self.github.faults.clear()
        self.github.deliveries.clear()
        self.models.script.clear()
        self.models.requests.clear()
        self.models.default = self.answer

    async def _idle(self, repository_id: int) -> None:
        database = Database.connect(self.database_url)

        async def done() -> bool:
            return not await database.read(
                lambda conn: conn.execute(sa.text(UNFINISHED), {"repository": repository_id}).scalar_one()
            )

        try:
            await until(done, 20.0)
        finally:
            await database.close()


@contextlib.asynccontextmanager
async def staged(folder: Path, settings: Mapping[str, str], answer: Answer) -> AsyncIterator[Stage]:
    """A stage that is ready; the same processes must run in the end."""
    async with started(folder, {**UNHURRIED, **settings}, answer, WarmProcess) as (github, models, stack):
        yield Stage(github, models, stack, answer)
        assert stack.web.is_running, stack.web.text()[-4000:]
        assert stack.worker.is_running, stack.worker.text()[-4000:]
