"""All of it on one machine."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.cli.embedded import embedded_url, embedded_valkey
from bot.cli.serve import child_environ, children
from bot.cli.supervision import Patience, supervise
from config.settings import Settings

ROOT = Path(__file__).parents[3]


def test_children_learn_where_things_really_are(tmp_path: Path) -> None:
    settings = Settings.from_environ({"QUORUM_DATA_DIR": str(tmp_path / "x" / "..")})
    environ = child_environ({"A": "b", "QUORUM_REDIS_URL_FILE": "/no"}, settings, "unix:///s")
    assert environ == {"A": "b", "QUORUM_REDIS_URL": "unix:///s", "QUORUM_DATA_DIR": str(tmp_path)}


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, ["web", "worker"]),
        ({"private_key": "pem"}, ["web", "worker"]),
        ({"broker_socket": "/run/b"}, ["web", "worker"]),
        ({"broker_socket": "/run/b", "private_key": "pem"}, ["broker", "web", "worker"]),
    ],
)
def test_children_are_the_web_the_worker_and_a_broker_that_has_key_and_socket(
    given: dict[str, str], names: list[str]
) -> None:
    found = children(Settings.model_validate(given))
    assert [child.command[1:] for child in found] == [("-m", "bot", name) for name in names]


async def test_embedded_valkey_answers_on_a_private_socket(tmp_path: Path) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(
        supervise([embedded_valkey(tmp_path)], {"SECRET": "x"}, stop, Patience(stop_timeout_s=20.0))
    )
    await answered(embedded_url(tmp_path))
    assert (tmp_path / "valkey.sock").stat().st_mode & 0o077 == 0
    async with Redis.from_url(embedded_url(tmp_path)) as client:
        pid = (await client.info("server"))["process_id"]
    assert Path(f"/proc/{pid}/environ").read_bytes() == b"", "our secrets are none of its business"
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
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert "QUORUM_" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (tmp_path / "quorum.db").exists(), "the tables were made first"


async def test_serve_is_ready_by_itself_and_ends_in_order(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as process:
        await ready(process, port)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 30) == 0


@contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    environ = {
        "QUORUM_DATA_DIR": str(folder),
        "QUORUM_PORT": str(port),
        "QUORUM_APP_ID": "1",
        "QUORUM_CLIENT_ID": "Iv1.x",
        "QUORUM_PRIVATE_KEY": pem,
        "QUORUM_WEBHOOK_SECRET": "a-secret-for-tests",
        "PATH": "/usr/bin:/bin",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], env=environ, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


async def ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 60
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            assert process.poll() is None, "serve ended"
            assert time.monotonic() < deadline, "serve was not ready in time"
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/readyz")
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.json()["checks"].get("valkey") == "ok":
                return
            await asyncio.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
