"""All of it on one machine."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.cli.embedded import embedded_url, embedded_valkey
from bot.cli.serve import child_environ, children
from bot.cli.supervision import Patience, supervise
from config.settings import Settings


def test_children_learn_where_things_really_are(tmp_path: Path) -> None:
    settings = Settings.from_environ({"QUORUM_DATA_DIR": str(tmp_path / "x" / "..")})
    environ = child_environ({"A": "b", "QUORUM_REDIS_URL_FILE": "/no"}, settings, "unix:///s")
    assert environ == {"A": "b", "QUORUM_REDIS_URL": "unix:///s", "QUORUM_DATA_DIR": str(tmp_path)}


def test_children_are_the_web_and_the_worker() -> None:
    assert [child.command[1:] for child in children()] == [("-m", "bot", "web"), ("-m", "bot", "worker")]


async def test_embedded_valkey_answers_on_a_private_socket(tmp_path: Path) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(
        supervise([embedded_valkey(tmp_path)], {}, stop, Patience(stop_timeout_s=20.0))
    )
    await answered(embedded_url(tmp_path))
    assert (tmp_path / "valkey.sock").stat().st_mode & 0o077 == 0
    stop.set()
    assert await running == 0


async def answered(url: str) -> None:
    deadline = time.monotonic() + 20
    client = Redis.from_url(url)
    while True:
        try:
            await client.ping()
            break
        except RedisError:
            assert time.monotonic() < deadline, "Valkey did not start"
            await asyncio.sleep(0.02)
    await client.aclose()


def test_serve_without_the_apps_secrets_ends_with_a_sentence(tmp_path: Path) -> None:
    environ = {"QUORUM_DATA_DIR": str(tmp_path), "QUORUM_PORT": "0", "PATH": "/usr/bin:/bin"}
    root = Path(__file__).parents[3]
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        env=environ,
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert "QUORUM_" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (tmp_path / "quorum.db").exists(), "the tables were made first"
