"""A Quorum on three hosts: database and Valkey on one, receiver and worker on the second, a worker on the third."""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server, socket
from urllib.parse import urlsplit

import httpx

from tests.chaos.arena import SETTINGS, Arena
from tests.chaos.ground import dial_tcp, history, socket_of
from tests.chaos.hosts_net import Host, Network, network
from tests.chaos.proxy import Dial, Proxy
from tests.databases import Postgres, kill_valkey, start_valkey
from tests.fakes.github import FakeGitHub
from tests.fakes.models import FakeOpenAI, Silence
from tests.journeys.stack import ROOT, Process, base_environment, free_port
from tests.journeys.world import app_settings, model_settings
from tests.polling import until
from workers.storage.migrate import migrate

THINKING_S = 1.0
"""What a model takes: long enough that a cut meets reviews under way."""
START_TIMEOUT_S = 60.0
WEB_PORT = 8000


@dataclass
class HostedProcess(Process):
    """One `quorum` command on a host of its own."""

    enter: tuple[str, ...] = ()

    async def start(self) -> None:
        """Start it there; does not wait until it is ready."""
        with self.log.open("ab") as output:
            self._child = await asyncio.create_subprocess_exec(
                *self.enter, sys.executable, "-m", "bot", self.command,
                cwd=ROOT, env=dict(self.environment), stdout=output, stderr=output,
            )  # fmt: skip


@dataclass(frozen=True)
class Hosted:
    """The arena, and which host will be cut off; its requests to GitHub name `far_github` as their host."""

    arena: Arena
    far: Host
    far_github: str
    lease_s: float


@asynccontextmanager
async def hosted(seed: int) -> AsyncIterator[Hosted]:
    """Everything started; ended with the block. Raises NoHostsError where there can be no hosts."""
    async with AsyncExitStack() as stack:
        net = stack.enter_context(network(("stores", "near", "far")))
        stores, near, far = net.hosts
        folder = Path(tempfile.mkdtemp(prefix="quorum-hosts-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        git, heads = history(folder)
        github = await stack.enter_async_context(FakeGitHub.serve())
        models = await stack.enter_async_context(
            FakeOpenAI.serve(default=Silence(THINKING_S, '{"findings": []}'))
        )
        postgres = await asyncio.to_thread(Postgres, folder / "postgres")
        stack.callback(postgres.stop)
        url, port = await asyncio.to_thread(postgres.empty), free_port()
        await migrate(url)
        valkey = start_valkey(port)
        path = socket_of(url)
        database = await _relay(
            stack, stores.listen(stores.private), lambda: asyncio.open_unix_connection(path)
        )
        cache = await _relay(stack, stores.listen(stores.private), dial_tcp(port))
        entrances = await _entrances(stack, net, github)
        settings = {
            **SETTINGS,
            **app_settings(github),
            **model_settings(models),
            "QUORUM_MODEL_BASE_URL": await _outside(stack, net, models.url),
            "QUORUM_REDIS_URL": f"redis://{stores.private}:{cache.port}",
            "QUORUM_DATABASE_URL": f"postgresql+asyncpg://postgres@{stores.private}:{database.port}"
            + urlsplit(url).path,
            "QUORUM_HOST": near.public,
            "QUORUM_PORT": str(WEB_PORT),
            "QUORUM_DATA_DIR": str(folder / "data"),
        }
        web = _process("web", near, settings, entrances[0], folder)
        workers: list[Process] = [
            _process("worker", host, settings, entrance, folder)
            for host, entrance in zip((near, far), entrances, strict=True)
        ]
        arena = Arena(
            github, models, [github.add_repository("octo", "shop", git.path)], heads, random.Random(seed), settings,
            folder, "postgresql", url, port, valkey, cache, database, web, workers, sane=True,
        )  # fmt: skip
        stack.callback(lambda: kill_valkey(arena.valkey))
        stack.push_async_callback(arena.stop)
        github.webhook_target = f"http://{near.public}:{WEB_PORT}/webhook"
        await _start(arena, f"http://{near.public}:{WEB_PORT}/readyz")
        yield Hosted(arena, far, urlsplit(entrances[1]).netloc, float(settings["QUORUM_LEASE_S"]))


async def _start(arena: Arena, ready_url: str) -> None:
    """Until the receiver is ready and both workers hear kicks."""
    processes = (arena.web, *arena.workers)
    for process in processes:
        await process.start()

    async def ready() -> bool:
        assert all(one.is_running for one in processes), "\n".join(one.text() for one in processes)
        if not all("listening for kicks" in worker.text() for worker in arena.workers):
            return False
        with contextlib.suppress(httpx.TransportError):
            return (await client.get(ready_url)).status_code == 200
        return False

    async with httpx.AsyncClient(trust_env=False) as client:
        await until(ready, START_TIMEOUT_S)


async def _entrances(stack: AsyncExitStack, net: Network, github: FakeGitHub) -> list[str]:
    """GitHub under one address for each worker, so that its requests tell who made them; near, far."""
    own = github.url
    entrances = [await _outside(stack, net, own) for _ in range(2)]
    github.world.codeload_url = await _outside(stack, net, github.world.codeload_url)
    github.world.url = entrances[0]
    return entrances


async def _outside(stack: AsyncExitStack, net: Network, url: str) -> str:
    """The same server as the hosts see it."""
    parts = urlsplit(url)
    assert parts.port is not None
    relay = await _relay(stack, create_server((net.outside, 0)), dial_tcp(parts.port))
    return f"{parts.scheme}://{net.outside}:{relay.port}{parts.path}"


async def _relay(stack: AsyncExitStack, listening: socket, dial: Dial) -> Proxy:
    proxy = Proxy(dial)
    server = await asyncio.start_server(proxy.serve_one, sock=listening)
    stack.callback(server.close)
    proxy.port = listening.getsockname()[1]
    return proxy


def _process(
    command: str, host: Host, settings: dict[str, str], github_url: str, folder: Path
) -> HostedProcess:
    given = base_environment({**settings, "QUORUM_GITHUB_API_URL": github_url})
    return HostedProcess(command, given, folder / f"{host.namespace}-{command}.log", enter=host.enter())
