"""`quorum web` as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from bot.cli.web import listen, serve_web
from tests.bot.payloads import SECRET, dump, headers, pull_request
from tests.bot.serving import free_port, settings_of
from workers.domain.errors import UserError

CODE = """
import sys
from bot.cli.web import run
from config.settings import Settings
sys.exit(run(Settings.from_environ()))
"""


@contextmanager
def web(**environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    more = {"QUORUM_PORT": str(port), "QUORUM_WEBHOOK_SECRET": SECRET.decode(), **environ}
    process = subprocess.Popen(
        [sys.executable, "-c", CODE], env=os.environ | more, stderr=subprocess.PIPE, text=True
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


async def test_without_a_secret_it_says_what_is_missing() -> None:
    with pytest.raises(UserError, match="QUORUM_WEBHOOK_SECRET"):
        await serve_web(settings_of(webhook_secret="", webhook_secret_previous=""))


def test_a_port_that_is_taken_is_the_operators_to_fix() -> None:
    with listen("127.0.0.1", 0) as first, pytest.raises(UserError, match="QUORUM_PORT"):
        listen("127.0.0.1", first.getsockname()[1])
