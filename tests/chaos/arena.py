"""A running Quorum of several workers with everything around it in our hands."""

from __future__ import annotations

import contextlib
import itertools
import random
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.clocked import ClockedProcess, prepare
from tests.chaos.ground import dial_tcp, history, open_database, through
from tests.chaos.proxy import Proxy, Toxic, proxied
from tests.chaos.shifting import Clock
from tests.databases import Valkey, kill_valkey, start_valkey
from tests.fakes.github import FakeGitHub, Limits, Pull, Repository
from tests.fakes.models import (
    Answer,
    Disconnect,
    FakeOpenAI,
    ModelRequest,
    rate_limited,
    server_error,
)
from tests.journeys.stack import START_TIMEOUT_S, Process, base_environment, free_port, running
from tests.journeys.world import QUICK, app_settings, model_settings
from tests.polling import until

WORKERS = 3
OWNERS = ("octo", "tetra", "penta", "hexa")
"""An installation each: what GitHub asks one to wait for must not hold up the others."""
HOURLY_REQUESTS = 100_000
"""More than a storm makes: a real hour would have to be waited for, so a blow says that it is used up."""
UNDER_WAY_S = 1.5
"""What comes so soon after a refusal was sent before it was heard, on a machine with more to do than it can."""
SETTINGS = {
    **QUICK,
    "QUORUM_LEASE_S": "5",
    "QUORUM_JOBS_MAX": "4",
    "QUORUM_REDELIVERY_INTERVAL_S": "2",
    "QUORUM_REDELIVERY_PAUSE_S": "0.02",
    "QUORUM_PULLS_INTERVAL_S": "15",
    "QUORUM_MODEL_TIMEOUT_S": "20",
    "QUORUM_MODEL_ATTEMPTS_MAX": "2",
    "QUORUM_BUDGET_MONTH_USD": "1000",
    "QUORUM_MODEL_INPUT_USD_PER_MILLION": "1",
    "QUORUM_MODEL_OUTPUT_USD_PER_MILLION": "4",
}


@dataclass
class Arena:
    """`models_failed` counts answers of models that are none. `sane` says that nothing may go wrong any more: what is
    said and done from then on is as ever.
    """

    github: FakeGitHub
    models: FakeOpenAI
    repositories: Sequence[Repository]
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
    valkey_folder: Path = Path()
    valkey_clock: Clock = field(default_factory=lambda: Clock(Path()))
    database_clock: Clock = field(default_factory=lambda: Clock(Path()))
    pulls: list[Pull] = field(default_factory=list)
    in_flight_lost: int = 0
    models_failed: int = 0
    asked_to_stop: int = 0
    fallen: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    sane: bool = False
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def process(self, command: str) -> Process:
        """Another receiver or worker, not started."""
        log = self.folder / f"{command}-{next(self._numbers)}.log"
        return ClockedProcess(command, base_environment(self.settings), log)

    def start_valkey(self) -> None:
        """In its place, by its clock, on what its folder holds."""
        given = self.valkey_clock.environment()
        self.valkey = start_valkey(self.valkey_port, self.valkey_folder, given)

    async def replace(self, worker: Process) -> None:
        """Start another in the place of one that is gone."""
        fresh = self.process("worker")
        self.workers[self.workers.index(worker)] = fresh
        await fresh.start()

    async def all_listen(self) -> bool:
        """Whether every worker is ready for work."""
        return all("listening for kicks" in worker.text() for worker in self.workers)

    async def supervise(self) -> None:
        """Start anew what ended by itself, as an operator's supervisor does, and remember it."""
        for worker in [one for one in self.workers if not one.is_running]:
            self.fallen.append(worker.log.name)
            await self.replace(worker)
        if not self.web.is_running:
            self.fallen.append(self.web.log.name)
            self.web = self.process("web")
            await self.web.start()

    def open_pull(self) -> Pull:
        """One more, at some head."""
        repository = self.repositories[len(self.pulls) % len(self.repositories)]
        pull = self.github.open_pull(
            repository, head=self.dice.choice(self.heads), title=f"Change {len(self.pulls)}"
        )
        self.pulls.append(pull)
        return pull

    def answer(self, asked: ModelRequest) -> Answer:
        """What the model says to anything; while it is not sane, one of five answers is none."""
        if not self.sane and self.dice.random() < 0.2:
            failures: list[Answer] = [server_error(), rate_limited(), Disconnect(), "no JSON at all"]
            failed = self.dice.choice(failures)
            self.models_failed += failed in (failures[0], failures[2])
            return failed
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
    prepare()
    async with AsyncExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="quorum-chaos-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        git, heads = history(folder)
        limits = Limits(requests_per_hour=HOURLY_REQUESTS, under_way_s=UNDER_WAY_S)
        github = await stack.enter_async_context(FakeGitHub.serve(limits=limits))
        models = await stack.enter_async_context(FakeOpenAI.serve())
        port, kept = free_port(), folder / "valkey"
        kept.mkdir()
        valkey_clock, database_clock = Clock(folder / "valkey.clock"), Clock(folder / "database.clock")
        valkey = start_valkey(port, kept, valkey_clock.environment())
        valkey_proxy = await stack.enter_async_context(proxied(dial_tcp(port)))
        url, database_proxy = await open_database(database, folder, database_clock, stack)
        settings = {
            **SETTINGS,
            **app_settings(github),
            **model_settings(models),
            "QUORUM_REDIS_URL": f"redis://127.0.0.1:{valkey_proxy.port}",
            "QUORUM_DATABASE_URL": through(url, database_proxy),
        }
        quorum = await stack.enter_async_context(running(settings, folder, ClockedProcess))
        github.webhook_target = f"{quorum.url}/webhook"
        repositories = [github.add_repository(owner, "shop", git.path) for owner in OWNERS]
        made = Arena(
            github, models, repositories, heads, random.Random(seed), quorum.settings, folder, database, url,
            port, valkey, valkey_proxy, database_proxy, quorum.web, [quorum.worker], kept,
            valkey_clock, database_clock,
        )  # fmt: skip
        models.default = made.answer
        stack.callback(lambda: kill_valkey(made.valkey))
        stack.push_async_callback(made.stop)
        for _ in range(WORKERS - 1):
            made.workers.append(made.process("worker"))
            await made.workers[-1].start()
        await until(made.all_listen, START_TIMEOUT_S)
        yield made


@contextlib.contextmanager
def poisoned(proxy: Proxy, toxic: str) -> Iterator[None]:
    """Spoiled inside the block."""
    proxy.poison(Toxic(toxic))
    try:
        yield
    finally:
        proxy.poison(Toxic.NONE)
