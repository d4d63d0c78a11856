"""One pull request at the strict fake GitHub, and our client for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from config.settings import Settings
from tests.fakes.github import FakeGitHub, Pull, Repository
from tests.fakes.repository import Content, GitRepository
from tests.workers.github.scripted import FakeTime
from workers.analysis.diff import parse_patch
from workers.domain.change import ChangedFile, PullRequest
from workers.domain.pace import UNPACED, Pace
from workers.github.changes import read_files
from workers.github.client import Clients, InstallationClient, open_clients
from workers.github.pacing import LocalPacing
from workers.github.permissions import ISSUES, REVIEW
from workers.github.pull_requests import read_pull

NAME = "octo/shop"
BASE: Mapping[str, Content] = {
    "app.py": "".join(f"line {number}\n" for number in range(1, 41)),
    "logo.png": b"\x89\0",
}
HEAD: Mapping[str, Content] = {
    "app.py": "".join(
        f"line {number}{' changed' if number in (10, 30) else ''}\n" for number in range(1, 41)
    ),
    "new.py": "a = 1\nb = 2\n",
    "logo.png": b"\x89\0\0",
}


@dataclass
class Octo:
    """`source` is the repository on disk, `pull` what is open at GitHub."""

    github: FakeGitHub
    source: GitRepository
    repository: Repository
    pull: Pull
    clients: Clients
    client: InstallationClient
    time: FakeTime

    @property
    def sha(self) -> str:
        """The head."""
        return self.pull.head_sha

    @property
    def bot_id(self) -> int:
        """Our user id."""
        return self.github.app.bot_id

    async def read_pull(self) -> PullRequest:
        """The pull request as we read it."""
        return await read_pull(self.client, NAME, self.pull.number, self.repository.id)

    async def read_files(self) -> tuple[ChangedFile, ...]:
        """Its files as we read them."""
        return await read_files(self.client, await self.read_pull(), 3000, parse_patch)

    def issues(self) -> InstallationClient:
        """A client that may read issues alone."""
        return self.clients.client(self.repository.installation_id or 0, self.repository.id, ISSUES)

    def writes(self, path_end: str) -> int:
        """How many POST and PATCH requests went to paths that end so."""
        return sum(
            one.method in ("POST", "PATCH") and one.path.endswith(path_end) for one in self.github.requests
        )


@asynccontextmanager
async def opened(
    folder: Path,
    base: Mapping[str, Content] = BASE,
    head: Mapping[str, Content] = HEAD,
    *,
    pace: Pace = UNPACED,
) -> AsyncIterator[Octo]:
    """A private repository with a pull request from `base` to `head`."""
    source = GitRepository.create(folder)
    source.commit(base)
    source.branch("topic")
    source.commit(head)
    time = FakeTime()
    async with FakeGitHub.serve(clock=lambda: time.at, strict_schemas=False) as github:
        repository = github.add_repository("octo", "shop", source.path)
        pull = github.open_pull(repository, head="topic")
        async with open_clients(
            settings_of(github), timing=time.timing(), pacing=LocalPacing(pace, lambda: time.at)
        ) as clients:
            client = clients.client(repository.installation_id or 0, repository.id, REVIEW)
            yield Octo(github, source, repository, pull, clients, client, time)


def settings_of(github: FakeGitHub) -> Settings:
    """What makes us this fake's App."""
    return Settings(
        app_id=github.app.app_id,
        client_id=github.app.client_id,
        private_key=SecretStr(github.app.private_key),
        github_api_url=github.url,
    )
