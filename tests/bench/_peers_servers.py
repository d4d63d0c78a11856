"""Quorum, PR-Agent and Probot as their documents start them, each in a process group of its own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.bench import _peers_install as install
from tests.bot.payloads import APP_ID, SECRET
from tests.fakes.github.app import generated_key
from tests.journeys.stack import ROOT, base_environment, free_port

START_TIMEOUT_S = 90.0
MEMORY = re.compile(r"^(Rss|Pss):\s+(\d+)", re.MULTILINE)
APP = "pr_agent.servers.github_app:app"


@dataclass(frozen=True, slots=True)
class Plan:
    """How one is started: `commands` are its processes, the receiver first, listening at `port`."""

    name: str
    port: int
    path: str
    commands: Sequence[Sequence[str]]
    environment: Mapping[str, str]


@dataclass(slots=True)
class Running:
    """What runs by a plan; `start_s` is from the start to the first answer to anything."""

    plan: Plan
    log: Path
    start_s: float = 0.0
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        """Return when the receiver answers; RuntimeError when it does not."""
        began = time.perf_counter()
        with self.log.open("ab") as log:
            for command in self.plan.commands:
                self.processes.append(
                    subprocess.Popen(
                        command, cwd=ROOT, env=dict(self.plan.environment), stdout=log, stderr=log,
                        start_new_session=True,
                    )
                )  # fmt: skip
        self._answers()
        self.start_s = time.perf_counter() - began

    def kill(self) -> None:
        """SIGKILL to all of it, workers of a receiver too."""
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.processes.clear()

    def memory_mb(self) -> tuple[float, float]:
        """Resident and proportional memory of the receiver and its workers, without Quorum's worker."""
        told = [_memory(one) for one in _group(self.processes[0].pid)]
        return sum(rss for rss, _ in told), sum(pss for _, pss in told)

    def _answers(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        with httpx.Client(trust_env=False, timeout=START_TIMEOUT_S) as client:
            while self.processes[0].poll() is None and time.monotonic() < deadline:
                try:
                    client.get(f"http://127.0.0.1:{self.plan.port}/")
                except httpx.TransportError:
                    time.sleep(0.01)
                else:
                    return
        last = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        raise RuntimeError(f"did not answer: {''.join(last)[:120]}")


@contextlib.contextmanager
def running(plan: Plan, folder: Path) -> Iterator[Running]:
    """Started; killed in the end."""
    one = Running(plan, folder / f"{plan.name}.log")
    try:
        one.start()
        yield one
    finally:
        one.kill()


def quorum(redis_url: str, github: str, folder: Path) -> Plan:
    """Receiver and worker over SQLite: the work is part of what the machine does."""
    port = free_port()
    settings = {
        "QUORUM_PORT": str(port),
        "QUORUM_APP_ID": str(APP_ID),
        "QUORUM_PRIVATE_KEY": generated_key(),
        "QUORUM_WEBHOOK_SECRET": SECRET.decode(),
        "QUORUM_GITHUB_API_URL": github,
        "QUORUM_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'quorum.db'}",
        "QUORUM_REDIS_URL": redis_url,
        "QUORUM_DATA_DIR": str(folder / "data"),
        "QUORUM_LEASE_S": "6",
    }
    environment = base_environment(settings)
    migrate, *commands = ([sys.executable, "-m", "bot", name] for name in ("migrate", "web", "worker"))
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True, capture_output=True)
    return Plan("Quorum", port, "/webhook", commands, environment)


def pr_agent(github: str, folder: Path) -> Plan:
    """Its GitHub App server under gunicorn with the configuration that it ships, which starts several workers."""
    python, port = install.pr_agent(), free_port()
    settings = {
        **install.QUIET,
        "HOME": str(folder),
        "GITHUB__BASE_URL": github,
        "GITHUB__APP_ID": str(APP_ID),
        "GITHUB__PRIVATE_KEY": generated_key(),
        "GITHUB__WEBHOOK_SECRET": SECRET.decode(),
        "OPENAI__KEY": "benchmark",
        "OPENAI__API_BASE": f"{github}/v1",
    }
    shipped = next(python.parents[1].glob("lib/python3*/site-packages/pr_agent/servers/gunicorn_config.py"))
    words = ["-k", "uvicorn.workers.UvicornWorker", "-c", str(shipped), "--bind", f"127.0.0.1:{port}", APP]
    command = [str(python), "-m", "gunicorn", *words]
    return Plan("PR-Agent", port, "/api/v1/github_webhooks", [command], base_environment(settings))


def probot(github: str, _: Path) -> Plan:
    """An app of a few lines in production mode."""
    (node, script), port = install.probot(), free_port()
    settings = {
        "NODE_ENV": "production",
        "LOG_LEVEL": "warn",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "APP_ID": str(APP_ID),
        "PRIVATE_KEY": generated_key(),
        "WEBHOOK_SECRET": SECRET.decode(),
        "GHE_HOST": github.removeprefix("http://"),
        "GHE_PROTOCOL": "http",
    }
    command = [str(node), str(script)]
    return Plan("Probot", port, "/api/github/webhooks", [command], base_environment(settings))


def _group(leader: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getpgid(int(folder.name)) == leader:
                yield int(folder.name)


def _memory(pid: int) -> tuple[float, float]:
    said = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    kib = {name: int(amount) for name, amount in MEMORY.findall(said)}
    return kib["Rss"] / 1024, kib["Pss"] / 1024
