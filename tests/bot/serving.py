"""The whole receiver on a free loopback port, inside the running event loop, with a store that can be taken away."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import sqlalchemy as sa
import uvicorn
from starlette.types import ASGIApp

from bot.app import create_app
from bot.cli.web import create_server, listen
from bot.health import Health, tables_present
from bot.metrics import Metrics
from config.settings import Settings
from tests.bot.payloads import APP_ID, SECRET
from workers.domain.errors import TransientError
from workers.storage.database import Database
from workers.storage.intake import Intake
from workers.storage.outlook import Counts, counts


@dataclass
class Receiver:
    """A running receiver; `kicks` and `commits` count what it did, `queue_away` makes its queue unreachable."""

    database: Database
    port: int = 0
    kicks: int = 0
    commits: list[int] = field(default_factory=list)
    queue_away: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def kick(self) -> None:
        self.kicks += 1

    async def reach_queue(self) -> None:
        if self.queue_away:
            raise TransientError("unreachable")

    async def rows(self, table: sa.Table) -> Sequence[Any]:
        async with self.database.reading() as conn:
            return (await conn.execute(sa.select(table))).all()

    async def counts(self) -> Counts:
        return await self.database.read(lambda conn: counts(conn, 0.0))

    def client(self) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=100)
        return httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=20, limits=limits)


def settings_of(**more: Any) -> Settings:
    secret = SECRET.decode()
    return Settings.model_validate(
        {"app_id": APP_ID, "webhook_secret": secret, "webhook_secret_previous": "old", "port": 0} | more
    )


@asynccontextmanager
async def receiving(url: str, **more: Any) -> AsyncIterator[Receiver]:
    """Serve with the database at `url`; `more` are settings."""
    settings = settings_of(**more)
    receiver = Receiver(Database.connect(url))
    metrics = Metrics(receiver.counts)

    def committed(deliveries: int, seconds: float) -> None:
        receiver.commits.append(deliveries)
        metrics.committed(deliveries, seconds)

    intake = Intake(receiver.database, lambda: 1000.0, committed=committed)
    health = Health(
        {"database": receiver.database.ping, "tables": tables_present(receiver.database)},
        {"valkey": receiver.reach_queue},
        max_age_s=0.0,
    )
    try:
        app = create_app(settings, intake, receiver.kick, health, metrics)
        async with serving(settings, app) as (_, receiver.port):
            yield receiver
    finally:
        await receiver.database.close()


@asynccontextmanager
async def serving(settings: Settings, app: ASGIApp) -> AsyncIterator[tuple[uvicorn.Server, int]]:
    """Serve `app` with all limits of a public port; yields the server and its port."""
    server = create_server(settings, app)
    with listen("127.0.0.1", 0) as listener:
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield server, listener.getsockname()[1]
        finally:
            server.should_exit = True
            await running


async def exchange(port: int, *parts: bytes, pause_s: float = 0.0, timeout_s: float = 10.0) -> bytes:
    """Send raw bytes over one connection, and read until the server closes it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(timeout_s):
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause_s)
            return await reader.read()
    finally:
        writer.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])
