"""The real processes of Quorum, started as an operator starts them, for tests that look from outside."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
LISTENING_PORTS = (10_000, 32_000)
"""Below those that systems give to connections: a server that was killed could not have its own again."""
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port that nobody listens on just now, and that no connection is given while its server is down."""
    dice = random.SystemRandom()
    while True:
        port = dice.randrange(*LISTENING_PORTS)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@dataclass
class Process:
    """One `quorum` command; its output goes to `log`."""

    command: str
    environment: Mapping[str, str]
    log: Path
    _child: asyncio.subprocess.Process | None = field(default=None, repr=False)

    async def start(self) -> None:
        """Start it; does not wait until it is ready."""
        with self.log.open("ab") as output:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", self.command,
                cwd=ROOT, env=dict(self.environment), stdout=output, stderr=output,
            )  # fmt: skip

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._child is not None and self._child.returncode is None

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._child is not None
        return self._child.pid

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        assert self._child is not None
        self._child.send_signal(number)

    async def wait(self) -> int:
        """Its exit code."""
        assert self._child is not None
        async with asyncio.timeout(STOP_TIMEOUT_S):
            return await self._child.wait()

    async def kill(self) -> None:
        """SIGKILL, if it runs."""
        if self.is_running:
            self.signal(signal.SIGKILL)
            await self.wait()

    def text(self) -> str:
        """What it has said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


def base_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """What a process gets: a path, a home, its settings, and nothing else of this one's environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **settings}


@dataclass
class Stack:
    """Receiver and worker over given services."""

    settings: dict[str, str]
    folder: Path
    web: Process
    worker: Process
    process: type[Process] = Process

    @property
    def url(self) -> str:
        """Where the receiver listens."""
        return f"http://127.0.0.1:{self.settings['QUORUM_PORT']}"

    def new(self, command: str, name: str) -> Process:
        """Another process with the same settings, not started."""
        return self.process(command, base_environment(self.settings), self.folder / f"{name}.log")

    def new_worker(self, name: str) -> Process:
        """Another worker with the same settings, not started."""
        return self.new("worker", name)

    @contextlib.asynccontextmanager
    async def successor(self) -> AsyncIterator[Process]:
        """Another worker, started; killed at the end."""
        process = self.new_worker("successor")
        await process.start()
        try:
            yield process
        finally:
            await process.kill()


@contextlib.asynccontextmanager
async def running(
    settings: Mapping[str, str], folder: Path, process: type[Process] = Process
) -> AsyncIterator[Stack]:
    """Migrate, start receiver and worker, wait until the receiver is ready; everything is killed at the end."""
    given = {"QUORUM_PORT": str(free_port()), "QUORUM_DATA_DIR": str(folder / "data"), **settings}
    environment = base_environment(given)
    migrate = process("migrate", environment, folder / "migrate.log")
    await migrate.start()
    assert await migrate.wait() == 0, migrate.text()
    stack = Stack(
        given,
        folder,
        process("web", environment, folder / "web.log"),
        process("worker", environment, folder / "worker.log"),
        process,
    )
    try:
        await stack.web.start()
        await stack.worker.start()
        await _ready(stack)
        yield stack
    finally:
        await stack.worker.kill()
        await stack.web.kill()


async def _ready(stack: Stack) -> None:
    async with asyncio.timeout(START_TIMEOUT_S), httpx.AsyncClient() as client:
        while True:
            assert stack.web.is_running, stack.web.text()
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(f"{stack.url}/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.05)
