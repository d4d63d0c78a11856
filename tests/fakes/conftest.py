"""A repository with one changed branch, a GitHub around it, and a receiver for webhooks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from tests.fakes.api import installation_client
from tests.fakes.github import FakeGitHub, Pull, Repository
from tests.fakes.listener import listening
from tests.fakes.repository import GitRepository

BASE = "".join(f"line {number}\n" for number in range(1, 41))
HEAD = BASE.replace("line 5\n", "line five\nline 5b\n").replace("line 30\n", "")


@dataclass
class Scene:
    """One pull request at the fake; `api` is authenticated for its repository."""

    github: FakeGitHub
    git: GitRepository
    repository: Repository
    pull: Pull
    api: httpx.AsyncClient


@dataclass
class Receiver:
    """Keeps webhooks; answers `status`."""

    url: str = ""
    status: int = 202
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def receive(self, request: Request) -> Response:
        self.received.append((dict(request.headers), await request.body()))
        return Response(status_code=self.status)

    @property
    def events(self) -> list[str]:
        return [headers["x-github-event"] for headers, _ in self.received]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> GitRepository:
    """Built once: git is slow to start."""
    repository = GitRepository.create(tmp_path_factory.mktemp("template"))
    repository.commit({"shop.py": BASE, "docs/readme.md": "# Shop\n"}, "Open the shop")
    repository.branch("feature")
    repository.commit({"shop.py": HEAD, "new.py": "print('new')"}, "Change the shop")
    return repository


@pytest.fixture
def git(template: GitRepository, tmp_path: Path) -> GitRepository:
    """A repository whose branch "feature" changes shop.py: line 5 becomes two, line 30 goes."""
    return template.copy(tmp_path / "shop")


@asynccontextmanager
async def scene_of(github: FakeGitHub, git: GitRepository) -> AsyncIterator[Scene]:
    repository = github.add_repository("octo", "shop", git.path, collaborators={"mona": "write"})
    pull = github.open_pull(repository, head="feature")
    async with installation_client(github, repository) as api:
        yield Scene(github, git, repository, pull, api)


@pytest.fixture
async def scene(git: GitRepository) -> AsyncIterator[Scene]:
    async with FakeGitHub.serve() as github, scene_of(github, git) as scene:
        yield scene


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with listening(Router([Route("/webhook", receiver.receive, methods=["POST"])])) as url:
        receiver.url = f"{url}/webhook"
        yield receiver
