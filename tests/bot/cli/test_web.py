"""`quorum web` as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
import sqlalchemy as sa

from bot.cli.web import listen, serve_web
from tests.bot.payloads import SECRET, dump, headers, pull_request
from tests.bot.serving import free_port, settings_of
from tests.databases import kill_valkey, start_valkey
from workers.domain.errors import UserError
from workers.storage.database import Database
from workers.storage.tables import delivery

CODE = """
import sys
from bot.cli.web import run
from config.settings import Settings
sys.exit(run(Settings.from_environ()))
"""


@contextmanager
def web(before: str = "", /, **environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its URL; `before` is what it does first."""
    port = free_port()
    more = {"QUORUM_PORT": str(port), "QUORUM_WEBHOOK_SECRET": SECRET.decode(), **environ}
    process = subprocess.Popen(
        [sys.executable, "-c", before + CODE], env=os.environ | more, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


def wait(client: httpx.Client, path: str) -> httpx.Response:
    deadline = time.monotonic() + 20
    while True:
        try:
            return client.get(path)
        except httpx.ConnectError:
            assert time.monotonic() < deadline, "did not start"
            time.sleep(0.02)


def until(client: httpx.Client, holds: Callable[[httpx.Response], bool]) -> httpx.Response:
    """The first answer of `/readyz` that does."""
    deadline = time.monotonic() + 10
    while not holds(answer := client.get("/readyz")):
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.1)
    return answer


async def kept(url: str) -> int:
    database = Database.connect(url)
    try:
        return len(await database.read(lambda conn: conn.execute(sa.select(delivery.c.guid)).all()))
    finally:
        await database.close()


def test_it_serves_until_sigterm_and_ends_well(sqlite_url: str, valkey: str) -> None:
    raw = dump(pull_request())
    with web(QUORUM_DATABASE_URL=sqlite_url, QUORUM_REDIS_URL=valkey) as (process, url):
        with httpx.Client(base_url=url, trust_env=False) as client:
            assert wait(client, "/readyz").json()["checks"] == {
                "database": "ok",
                "tables": "ok",
                "valkey": "ok",
            }
            assert client.post("/webhook", content=raw, headers=headers(raw)).status_code == 202
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=15)
    assert process.returncode == 0
    assert [json.loads(line)["event"] for line in errors.splitlines() if line.startswith("{")] == [
        "receiving"
    ]


def test_a_queue_that_dies_costs_no_delivery(sqlite_url: str) -> None:
    raw = dump(pull_request())
    queue = start_valkey()
    try:
        with (
            web(QUORUM_DATABASE_URL=sqlite_url, QUORUM_REDIS_URL=queue.url) as (_, url),
            httpx.Client(base_url=url, trust_env=False) as client,
        ):
            assert wait(client, "/readyz").json()["status"] == "ok"
            kill_valkey(queue)
            answers = [client.post("/webhook", content=raw, headers=headers(raw)) for _ in range(3)]
            assert [answer.json() for answer in answers] == [{"outcome": "wanted"}] * 3
            ready = until(client, lambda answer: answer.json()["status"] == "degraded")
            assert (ready.status_code, ready.json()["checks"]["database"]) == (200, "ok")
    finally:
        kill_valkey(queue)
    assert asyncio.run(kept(sqlite_url)) == 3


async def test_without_a_secret_it_says_what_is_missing() -> None:
    with pytest.raises(UserError, match="QUORUM_WEBHOOK_SECRET"):
        await serve_web(settings_of(webhook_secret="", webhook_secret_previous=""))


def test_a_port_that_is_taken_is_the_operators_to_fix() -> None:
    with listen("127.0.0.1", 0) as first, pytest.raises(UserError, match="QUORUM_PORT"):
        listen("127.0.0.1", first.getsockname()[1])
