"""A running Quorum of several workers with everything around it in our hands."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.chaos.proxy import Dial, Proxy, Toxic, proxied
from tests.databases import Postgres, Valkey, kill_valkey, start_valkey
from tests.fakes.github import FakeGitHub, Pull, Repository
from tests.fakes.models import (
    Answer,
    Disconnect,
    FakeOpenAI,
    ModelRequest,
    rate_limited,
    server_error,
)
from tests.fakes.repository import GitRepository
from tests.journeys.stack import Process, base_environment, free_port, running
from tests.journeys.world import QUICK, app_settings, model_settings

WORKERS = 3
HEADS = 40
FINDING_CODE = '"""Runs {number}."""\nimport os\n\n\ndef run_{number}(name):\n    os.system("x " + name)\n'
SETTINGS = {
    **QUICK,
    "QUORUM_LEASE_S": "3",
    "QUORUM_JOBS_MAX": "4",
    "QUORUM_REDELIVERY_INTERVAL_S": "2",
    "QUORUM_REDELIVERY_PAUSE_S": "0.02",
    "QUORUM_PULLS_INTERVAL_S": "8",
    "QUORUM_MODEL_TIMEOUT_S": "20",
    "QUORUM_MODEL_ATTEMPTS_MAX": "2",
    "QUORUM_BUDGET_MONTH_USD": "1000",
    "QUORUM_MODEL_INPUT_USD_PER_MILLION": "1",
    "QUORUM_MODEL_OUTPUT_USD_PER_MILLION": "4",
}


@dataclass
class Arena:
    """`sane` says that nothing may go wrong any more: what is said and done from then on is as ever."""

    github: FakeGitHub
    models: FakeOpenAI
    repository: Repository
    heads: list[str]
    dice: random.Random
    settings: dict[str, str]
    folder: Path
    database: str
    database_url: str
    valkey_port: int
    valkey: Valkey
    valkey_proxy: Proxy
    database_proxy: Proxy | None
    web: Process
    workers: list[Process]
    pulls: list[Pull] = field(default_factory=list)
    in_flight_lost: int = 0
    sane: bool = False
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def process(self, command: str) -> Process:
        """Another receiver or worker, not started."""
        log = self.folder / f"{command}-{next(self._numbers)}.log"
        return Process(command, base_environment(self.settings), log)

    async def replace(self, worker: Process) -> None:
        """Start another in the place of one that is gone."""
        fresh = self.process("worker")
        self.workers[self.workers.index(worker)] = fresh
        await fresh.start()

    def empty_valkey(self) -> None:
        """SIGKILL it, and start it without anything on the same port."""
        kill_valkey(self.valkey)
        self.valkey = start_valkey(self.valkey_port)

    def open_pull(self) -> Pull:
        """One more, at some head."""
        pull = self.github.open_pull(
            self.repository, head=self.dice.choice(self.heads), title=f"Change {len(self.pulls)}"
        )
        self.pulls.append(pull)
        return pull

    def answer(self, asked: ModelRequest) -> Answer:
        """What the model says to anything; while it is not sane, one of five answers is none."""
        if not self.sane and self.dice.random() < 0.2:
            failures: list[Answer] = [server_error(), rate_limited(), Disconnect(), "no JSON at all"]
            return self.dice.choice(failures)
        return '{"findings": []}'

    async def stop(self) -> None:
        """End every process."""
        for process in (self.web, *self.workers):
            if process.is_running:
                process.signal(signal.SIGCONT)
            await process.kill()


@asynccontextmanager
async def arena(database: str, seed: int) -> AsyncIterator[Arena]:
    """Everything started over "sqlite" or "postgresql"; ended with the block."""
    async with AsyncExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="quorum-chaos-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        git, heads = _history(folder)
        github = await stack.enter_async_context(FakeGitHub.serve())
        models = await stack.enter_async_context(FakeOpenAI.serve())
        port = free_port()
        valkey = start_valkey(port)
        valkey_proxy = await stack.enter_async_context(proxied(_dial_tcp(port)))
        url, database_proxy = await _open_database(database, folder, stack)
        settings = {
            **SETTINGS,
            **app_settings(github),
            **model_settings(models),
            "QUORUM_REDIS_URL": f"redis://127.0.0.1:{valkey_proxy.port}",
            "QUORUM_DATABASE_URL": _through(url, database_proxy),
        }
        quorum = await stack.enter_async_context(running(settings, folder))
        github.webhook_target = f"{quorum.url}/webhook"
        made = Arena(
            github, models, github.add_repository("octo", "shop", git.path), heads,
            random.Random(seed), quorum.settings, folder, database, url, port, valkey,
            valkey_proxy, database_proxy, quorum.web, [quorum.worker],
        )  # fmt: skip
        models.default = made.answer
        stack.callback(lambda: kill_valkey(made.valkey))
        stack.push_async_callback(made.stop)
        for _ in range(WORKERS - 1):
            made.workers.append(made.process("worker"))
            await made.workers[-1].start()
        yield made


def _history(folder: Path) -> tuple[GitRepository, list[str]]:
    """A small repository, and commits that each bring something to be said."""
    git = GitRepository.create(folder / "git")
    git.commit({"README.md": "# Shop\n"}, "Open the shop")
    heads = []
    for number in range(HEADS):
        git.checkout("main")
        git.branch(f"head-{number}")
        heads.append(git.commit({f"shop/run_{number}.py": FINDING_CODE.format(number=number)}))
    git.checkout("main")
    return git, heads


async def _open_database(database: str, folder: Path, stack: AsyncExitStack) -> tuple[str, Proxy | None]:
    """The URL of a new database, and the proxy before it; nobody can stand before a file."""
    if database == "sqlite":
        return f"sqlite+aiosqlite:///{folder / 'quorum.db'}", None
    server = await asyncio.to_thread(Postgres, folder / "postgres")
    stack.callback(server.stop)
    url = await asyncio.to_thread(server.empty)
    host = _socket_of(url)
    return url, await stack.enter_async_context(proxied(lambda: asyncio.open_unix_connection(host)))


def _dial_tcp(port: int) -> Dial:
    return lambda: asyncio.open_connection("127.0.0.1", port)


def _socket_of(url: str) -> str:
    """The socket's path in a URL like postgresql+asyncpg://user:@/name?host=/folder."""
    return f"{urlsplit(url).query.removeprefix('host=')}/.s.PGSQL.5432"


def _through(url: str, proxy: Proxy | None) -> str:
    if proxy is None:
        return url
    parts = urlsplit(url)
    user = parts.username or "postgres"
    return f"{parts.scheme}://{user}@127.0.0.1:{proxy.port}{parts.path}"


@contextlib.contextmanager
def poisoned(proxy: Proxy, toxic: str) -> Iterator[None]:
    """Spoiled inside the block."""
    proxy.poison(Toxic(toxic))
    try:
        yield
    finally:
        proxy.poison(Toxic.NONE)
