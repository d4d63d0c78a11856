"""Signed 25 KB deliveries, durable on SQLite and PostgreSQL, beside a server of this stack that keeps nothing."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from subprocess import DEVNULL, Popen

import httpx
import sqlalchemy as sa

from tests.bench.result import Result
from tests.bot.payloads import APP_ID, SECRET
from tests.databases import Postgres, kill_valkey, start_valkey
from workers.storage.database import Database
from workers.storage.migrate import migrate
from workers.storage.tables import delivery

ROUNDS = 4
SECONDS = 1.2
CONNECTIONS = (1, 32, 256)
START_TIMEOUT_S = 30.0
HEAVY = ("githubkit", "pydantic_ai")
IMPORTS = f"import sys, bot.cli.web, workers.queue; print([m for m in {HEAVY} if m in sys.modules])"

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Server:
    """A server under load; `start_s` is from the process' start to its first answer."""

    process: Popen[bytes]
    port: int
    start_s: float

    def rss_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


@contextmanager
def _server(port: int, *arguments: str, **environ: str) -> Iterator[Server]:
    started = time.perf_counter()
    process = Popen([sys.executable, *arguments], env=os.environ | environ, stderr=DEVNULL, stdout=DEVNULL)
    try:
        _wait(process, f"http://127.0.0.1:{port}/livez")
        yield Server(process, port, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait()


def _wait(process: Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    with httpx.Client(trust_env=False) as client:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                client.get(url)
            except httpx.ConnectError:
                time.sleep(0.005)
            else:
                return
    raise RuntimeError(f"{url} did not answer")


def _limit() -> tuple[int, list[str], dict[str, str]]:
    port = _free_port()
    return port, ["-m", "tests.bench._receiver_limit", str(port), SECRET.decode()], {}


def _ours(database_url: str, redis_url: str = "") -> tuple[int, list[str], dict[str, str]]:
    port = _free_port()
    environ = {
        "QUORUM_PORT": str(port),
        "QUORUM_APP_ID": str(APP_ID),
        "QUORUM_WEBHOOK_SECRET": SECRET.decode(),
        "QUORUM_DATABASE_URL": database_url,
        "QUORUM_REDIS_URL": redis_url,
    }
    return port, ["-m", "bot", "web"], environ


async def _load(server: Server, connections: int) -> Figures:
    module = "tests.bench._receiver_load"
    arguments = ["-m", module, str(server.port), str(connections), str(SECONDS)]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    return dict(json.loads(out))


async def _kept(url: str) -> int:
    database = Database.connect(url)
    async with database.reading() as conn:
        kept = int(await conn.scalar(sa.select(sa.func.count()).select_from(delivery)) or 0)
    await database.close()
    return kept


@asynccontextmanager
async def _stores() -> AsyncIterator[dict[str, str]]:
    folder = Path(tempfile.mkdtemp(prefix="quorum-bench-"))
    postgres = await asyncio.to_thread(Postgres, folder / "pg")
    sqlite = f"sqlite+aiosqlite:///{folder / 'quorum.db'}"
    await migrate(sqlite)
    try:
        yield {"sqlite": sqlite, "postgresql": await asyncio.to_thread(postgres.migrated)}
    finally:
        await asyncio.to_thread(postgres.stop)
        shutil.rmtree(folder, ignore_errors=True)


async def run(data: str | None) -> list[Result]:
    """Interleaved rounds, every figure beside the limit's of the same round; `data` is not used."""
    valkey = start_valkey()
    try:
        async with _stores() as stores:
            return await _measure(stores, valkey.url)
    finally:
        kill_valkey(valkey)


async def _measure(stores: dict[str, str], redis_url: str) -> list[Result]:
    plans = {"limit": _limit()} | {name: _ours(url, redis_url) for name, url in stores.items()}
    with ExitStack() as stack:
        # One at a time: a start beside another start would be slower than either.
        servers = {
            name: stack.enter_context(_server(port, *arguments, **environ))
            for name, (port, arguments, environ) in plans.items()
        }
        rounds = await _rounds(servers)
        results = [*_start(servers), *(result for name in stores for result in _compare(name, rounds))]
    accepted = {
        name: sum(figures["accepted"] for (who, _), all_ in rounds.items() if who == name for figures in all_)
        for name in stores
    }
    for name, url in stores.items():
        lost = accepted[name] - await _kept(url)
        results.append(Result(f"{name}: acknowledged but not kept", lost, "deliveries", "<= 0", lost <= 0))
    results.append(await _imports())
    return results


async def _rounds(servers: dict[str, Server]) -> dict[tuple[str, int], list[Figures]]:
    rounds: dict[tuple[str, int], list[Figures]] = {}
    names = list(servers)
    for number in range(ROUNDS):
        for connections in CONNECTIONS:
            for name in names[number % len(names) :] + names[: number % len(names)]:
                figures = await _load(servers[name], connections)
                rounds.setdefault((name, connections), []).append(figures)
                print(json.dumps({"server": name, "connections": connections, **figures}))
    return rounds


def _start(servers: dict[str, Server]) -> list[Result]:
    results = []
    for name, server in servers.items():
        goals = ("", "") if name == "limit" else ("<= 1", "<= 80")
        start, rss = round(server.start_s, 2), round(server.rss_mb(), 1)
        results.append(Result(f"{name}: start", start, "s", goals[0], start <= 1 if goals[0] else None))
        results.append(
            Result(f"{name}: RSS after load", rss, "MB", goals[1], rss <= 80 if goals[1] else None)
        )
    return results


def _compare(name: str, rounds: dict[tuple[str, int], list[Figures]]) -> list[Result]:
    results = []
    for connections in CONNECTIONS:
        pairs = list(zip(rounds[name, connections], rounds["limit", connections], strict=True))
        rate = round(median(ours["requests_s"] / limit["requests_s"] for ours, limit in pairs), 3)
        tail = round(median(ours["p99_ms"] / limit["p99_ms"] for ours, limit in pairs), 2)
        judged = connections == 32
        label = f"{name}, {connections} connections"
        absolute = round(median(ours["requests_s"] for ours, _ in pairs))
        results.append(Result(f"{label}: rate", absolute, "requests/s"))
        fast = judged and name == "sqlite"
        results.append(
            Result(
                f"{label}: rate",
                rate,
                "of the limit's",
                ">= 0.35" if fast else "",
                rate >= 0.35 if fast else None,
            )
        )
        results.append(
            Result(
                f"{label}: p99",
                tail,
                "times the limit's",
                "<= 4" if judged else "",
                tail <= 4 if judged else None,
            )
        )
    return results


async def _imports() -> Result:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", IMPORTS, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    found = out.decode().strip()
    return Result("heavy libraries in the web process", found, "modules", "[]", found == "[]")
