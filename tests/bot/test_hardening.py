"""`quorum web` as a process, and strangers at its port."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.bot.cli.test_web import kept, wait, web
from tests.bot.payloads import dump, headers, pull_request
from tests.bot.serving import exchange
from tests.bot.smuggling import ANSWERED, GET, POST, REFUSED

EXPECTED = {name: [status] for name, (_, status) in REFUSED.items()} | {
    name: statuses for name, (_, statuses) in ANSWERED.items()
}
FEW_FILES = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (320, 320))"
BYTES = {name: raw for name, (raw, _) in (REFUSED | ANSWERED).items()}


async def told(port: int, raw: bytes) -> list[int]:
    """The statuses of all answers, until the server has closed the connection."""
    try:
        answer = await exchange(port, raw, timeout_s=5)
    except ConnectionError:
        return []
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


async def cut_off(port: int, raw: bytes) -> None:
    """Send `raw` and leave."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    writer.transport.abort()


def open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.fixture
def attacked(sqlite_url: str) -> Iterator[tuple[int, httpx.Client, str]]:
    """A process that ends well, whatever came; its number, a client that keeps its connection, its database."""
    with web(QUORUM_DATABASE_URL=sqlite_url, QUORUM_CONNECTIONS_MAX="120") as (process, url):
        with httpx.Client(base_url=url, trust_env=False, timeout=10) as client:
            wait(client, "/readyz")
            yield process.pid, client, sqlite_url
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=15)
    assert (process.returncode, "Traceback" in errors) == (0, False), errors


def test_every_stream_of_bytes_is_cut_one_way_and_leaves_nothing_behind(
    attacked: tuple[int, httpx.Client, str],
) -> None:
    pid, client, database = attacked
    port = client.base_url.port
    assert port
    before = open_files(pid)

    async def attack() -> dict[str, list[int]]:
        answers = await asyncio.gather(*(told(port, raw) for raw in BYTES.values()))
        await asyncio.gather(*(cut_off(port, raw[:at]) for raw in (GET, POST) for at in range(0, 30, 3)))
        return dict(zip(BYTES, answers, strict=True))

    assert asyncio.run(attack()) == EXPECTED
    raw = dump(pull_request())
    assert client.post("/webhook", content=raw, headers=headers(raw)).status_code == 202
    assert (open_files(pid), asyncio.run(kept(database))) == (before, 1)


async def flood(port: int, connections: int) -> int:
    """How many of them are let go of; none does anything."""
    opened = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", port) for _ in range(connections)))
    reads = [asyncio.ensure_future(reader.read()) for reader, _ in opened]
    done, held = await asyncio.wait(reads, timeout=0.5)
    for one in held:
        one.cancel()
    for _, writer in opened:
        writer.transport.abort()
    await asyncio.gather(*reads, return_exceptions=True)
    return len(done)


def test_more_connections_than_are_served_are_let_go_of(attacked: tuple[int, httpx.Client, str]) -> None:
    pid, client, _ = attacked
    port = client.base_url.port
    assert port
    before = open_files(pid)
    assert asyncio.run(flood(port, 300)) == 300 - 220 + 1
    assert client.get("/livez").status_code == 200
    assert open_files(pid) <= before


def test_more_connections_than_files_may_be_open_cost_no_delivery(sqlite_url: str) -> None:
    raw = dump(pull_request())
    with web(FEW_FILES, QUORUM_DATABASE_URL=sqlite_url) as (process, url):
        with httpx.Client(base_url=url, trust_env=False, timeout=10) as client:
            wait(client, "/readyz")
            port = client.base_url.port
            assert port
            assert asyncio.run(flood(port, 400)) == 400 - 220 + 1
            assert client.post("/webhook", content=raw, headers=headers(raw)).status_code == 202
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=15)
    assert "Too many open files" not in errors
    assert "fewer connections than set" in errors
