"""One running Quorum for a whole module of tests, each with branches and pull requests of its own."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from tests.fakes.github import Pull, Recorded
from tests.fakes.models import Answer
from tests.fakes.repository import Content, GitRepository
from tests.journeys.warmed import WarmProcess
from tests.journeys.world import NOTHING_FOUND, UNHURRIED, World, opened

BASE = {
    "README.md": "# Shop\n",
    "shop/prices.py": '"""Prices."""\n\n\ndef net(gross):\n    """Without tax."""\n    return gross\n',
}
SINK = '"""Runs."""\nimport os\n\n\ndef run(a):\n    """Run."""\n    os.system("x " + a)\n'
"""A Python file whose line `SINK_LINE` every review reports, whatever its model says."""
SINK_LINE = 7
GATED = "gated"
"""The base branch whose configuration makes the check a gate."""
BROKEN_LOG = ("job broke", "a slot broke", "lease lost", "request failed", "Traceback")


@dataclass(frozen=True)
class Services:
    """What worlds of a session are built on: a database with all tables to copy, and a Valkey to empty.

    `database_url`, if given, is a database with all tables that is used in the place of a copy.
    """

    sqlite_template: Path
    valkey_url: str
    database_url: str = ""

    def database(self, folder: Path) -> str:
        """The URL of the database of a world in `folder`."""
        if self.database_url:
            return self.database_url
        return f"sqlite+aiosqlite:///{shutil.copy(self.sqlite_template, folder / 'quorum.db')}"


@contextlib.asynccontextmanager
async def shared(
    folder: Path,
    services: Services,
    *,
    answer: Answer | None = NOTHING_FOUND,
    settings: Mapping[str, str] = {},
) -> AsyncIterator[World]:
    """A small repository under review; in the end the receiver and the worker must be as good as new."""
    with redis.Redis.from_url(services.valkey_url) as client:
        client.flushall()
    async with opened(
        folder,
        small_repository(folder),
        database_url=services.database(folder),
        redis_url=services.valkey_url,
        answer=answer,
        settings={**UNHURRIED, **settings},
        process=WarmProcess,
    ) as world:
        yield world
        await assert_unharmed(world)


def small_repository(folder: Path) -> GitRepository:
    """`main`, and `gated`, where the check is required."""
    git = GitRepository.create(folder / "git")
    git.commit(BASE, "Open the shop")
    git.branch(GATED)
    git.commit({".github/quorum.yml": "review:\n  required: true\n"}, "Require the check")
    git.checkout("main")
    return git


def commit_on(world: World, branch: str, files: Mapping[str, Content], *, base: str = "main") -> str:
    """A new branch off `base` with one commit; its id."""
    world.git.git("checkout", "--quiet", "--force", base)
    world.git.branch(branch)
    return world.git.commit(files)


def propose(
    world: World, branch: str, files: Mapping[str, Content], *, base: str = "main", **how: Any
) -> Pull:
    """A pull request from a new branch with `files`."""
    head = commit_on(world, branch, files, base=base)
    return world.github.open_pull(world.repository, **{"head": head, "base": base, "title": branch} | how)


def refused_writes(world: World) -> list[Recorded]:
    """Writes that GitHub answered with an error."""
    return [one for one in world.github.world.requests if one.method != "GET" and one.status >= 400]


async def assert_unharmed(world: World) -> None:
    """The same processes still run, nothing broke on the way, and the next pull request is reviewed as ever."""
    world.github.faults.clear()
    world.models.script.clear()
    world.models.default = NOTHING_FOUND
    pull = propose(world, "afterwards", {"docs/afterwards.md": "All is well.\n"})
    run = await world.reviewed(pull)
    assert run.conclusion == "success", run.output
    assert world.stack.web.is_running
    assert world.stack.worker.is_running
    said = world.stack.web.text() + world.stack.worker.text()
    assert [mark for mark in BROKEN_LOG if mark in said] == [], said[-8000:]
