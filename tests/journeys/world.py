"""A GitHub, a model and a running Quorum, for tests that look from outside."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.github import CheckRun, FakeGitHub, Pull, Repository
from tests.fakes.models import Answer, FakeOpenAI
from tests.fakes.repository import GitRepository
from tests.journeys.stack import Process, Stack, running
from tests.polling import until

MODEL = "fake-model"
NOTHING_FOUND = '{"findings": []}'
QUICK = {
    "QUORUM_GITHUB_WRITE_INTERVAL_S": "0",
    "QUORUM_GITHUB_CREATIONS_PER_HOUR": "0",
    "QUORUM_DEBOUNCE_S": "0.2",
    "QUORUM_LEASE_S": "2",
    "QUORUM_SWEEP_INTERVAL_S": "0.5",
    "QUORUM_RETRY_BACKOFF_S": "0.5",
    "QUORUM_MODEL_TIMEOUT_S": "40",  # the first call of each wire loads its libraries
    "QUORUM_MODEL_CONCURRENCY": "32",  # a review asks many times at once
    "QUORUM_SHUTDOWN_TIMEOUT_S": "5",
}
UNHURRIED = {"QUORUM_LEASE_S": "6"}
"""Where no worker is killed nobody waits for a lease to end, and none may be lost on a busy machine."""


@dataclass(frozen=True)
class World:
    """Everything of a journey; `repository` is what GitHub serves from `git`."""

    github: FakeGitHub
    models: FakeOpenAI
    stack: Stack
    git: GitRepository
    repository: Repository

    async def reviewed(self, pull: Pull, timeout_s: float = 60.0) -> CheckRun:
        """The check run that ended on the pull request's present head."""

        def ended() -> list[CheckRun]:
            return [run for run in self.check_runs(pull) if run.status == "completed"]

        await self.wait(lambda: bool(ended()), timeout_s)
        await self.github.delivered()
        return ended()[0]

    def check_runs(self, pull: Pull) -> list[CheckRun]:
        """Those of the present head that were made for `pull`: another pull request may have the same head."""
        made_for = f":{pull.repository.id}:{pull.number}:"
        return [run for run in self.github.check_runs(pull.head_sha) if made_for in (run.external_id or "")]

    async def wait(self, condition: Callable[[], bool], timeout_s: float = 60.0) -> None:
        """Until `condition` holds; on a time-out the processes' logs are shown."""

        async def holds() -> bool:
            return condition()

        try:
            await until(holds, timeout_s)
        except TimeoutError:
            raise AssertionError(
                f"{self.stack.web.text()[-4000:]}\n{self.stack.worker.text()[-8000:]}"
            ) from None

    def said(self, pull: Pull) -> str:
        """All that was posted on a pull request, one text after the other."""
        texts = [one["body"] for one in self.github.reviews(pull)]
        texts += [one["body"] for one in self.github.review_comments(pull)]
        texts += [one["body"] for one in self.github.issue_comments(pull)]
        for run in self.check_runs(pull):
            texts += [text or "" for text in run.output.values()]
            texts += [note["message"] for note in run.annotations]
        return "\n".join(texts)


@contextlib.asynccontextmanager
async def opened(
    folder: Path,
    git: GitRepository,
    *,
    database_url: str,
    redis_url: str,
    answer: Answer | None = NOTHING_FOUND,
    settings: Mapping[str, str] = {},
    process: type[Process] = Process,
) -> AsyncIterator[World]:
    """Everything started; `answer` is what the model says (None: no model is configured)."""
    stores = {"QUORUM_DATABASE_URL": database_url, "QUORUM_REDIS_URL": redis_url}
    async with started(folder, {**stores, **settings}, answer, process) as (github, models, stack):
        repository = github.add_repository("octo", "shop", git.path)
        yield World(github, models, stack, git, repository)
        await asyncio.wait_for(github.delivered(), 10)


@contextlib.asynccontextmanager
async def started(
    folder: Path, settings: Mapping[str, str], answer: Answer | None, process: type[Process]
) -> AsyncIterator[tuple[FakeGitHub, FakeOpenAI, Stack]]:
    """GitHub without any repository, a model server, and Quorum between them."""
    async with FakeGitHub.serve() as github, FakeOpenAI.serve(default=answer) as models:
        given = {
            **QUICK,
            **app_settings(github),
            **({} if answer is None else model_settings(models)),
            **settings,
        }
        async with running(given, folder, process) as stack:
            github.webhook_target = f"{stack.url}/webhook"
            yield github, models, stack


def app_settings(github: FakeGitHub) -> dict[str, str]:
    """What makes the bot this fake's app."""
    return {
        "QUORUM_APP_ID": str(github.app.app_id),
        "QUORUM_APP_SLUG": github.app.slug,
        "QUORUM_CLIENT_ID": github.app.client_id,
        "QUORUM_PRIVATE_KEY": github.app.private_key,
        "QUORUM_WEBHOOK_SECRET": github.app.webhook_secret,
        "QUORUM_GITHUB_API_URL": github.url,
    }


def model_settings(models: FakeOpenAI) -> dict[str, str]:
    """What makes this fake the bot's only model."""
    return {
        "QUORUM_MODEL": MODEL,
        "QUORUM_MODEL_BASE_URL": models.url,
        "QUORUM_MODEL_API_KEY": models.key,
    }
