"""One turn of one server: fresh, loaded, weighed and killed; or killed in the middle of a burst and started again."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.bench._peers_servers import Plan, running
from tests.journeys.stack import ROOT, free_port

CONNECTIONS = 32
SECONDS = 3.0
BURST, KILLED_AFTER_S = 500, 1.0
API_TAKES_MS = 100
LOOK_S = 0.5
CALM_S = 15.0
"""Nothing new for this long, longer than a lease: nothing more will come."""
SETTLE_TIMEOUT_S = 240.0

Planner = Callable[[str, Path], Plan]
"""From the URL of a GitHub and an empty folder."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Under load; memory of the receiver, after the load. Times are None when nothing was answered."""

    start_s: float
    requests_s: float
    p50_ms: float | None
    p99_ms: float | None
    refused: int
    rss_mb: float
    pss_mb: float


@dataclass(frozen=True, slots=True)
class Loss:
    """Of a burst: what was acknowledged before the kill, and how much of it nobody ever worked at."""

    acknowledged: int
    lost: int


def turn(planner: Planner, seconds: float = SECONDS) -> Turn:
    """Load one server; GitHub answers at once."""
    with _folder() as folder, _github(0) as github, running(planner(github, folder), folder) as one:
        with _load(one.plan, 0, seconds) as load:
            said = _told(load)
        rss, pss = one.memory_mb()
        times = said["p50_ms"], said["p99_ms"]
        return Turn(one.start_s, said["requests_s"], *times, said["refused"], rss, pss)


def loss(planner: Planner) -> Loss:
    """Kill all of a server a second into a burst, start it again; GitHub takes its time, as it does."""
    with (
        _folder() as folder,
        _github(API_TAKES_MS) as github,
        running(planner(github, folder), folder) as one,
    ):
        with _load(one.plan, BURST, SETTLE_TIMEOUT_S) as load:
            time.sleep(KILLED_AFTER_S)
            one.kill()
            acknowledged = set(_told(load)["acknowledged"])
        one.start()
        return Loss(len(acknowledged), len(acknowledged - _settled(github, acknowledged)))


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="quorum-peers-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextlib.contextmanager
def _github(takes_ms: int) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.bench._peers_github", str(port), str(takes_ms)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _await(url)
        yield url
    finally:
        process.kill()
        process.wait()


def _await(url: str) -> None:
    with httpx.Client(trust_env=False, transport=httpx.HTTPTransport(retries=8)) as client:
        client.get(f"{url}/asked")


@contextlib.contextmanager
def _load(plan: Plan, count: int, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """A load that has prepared its requests and begun."""
    numbers = [str(one) for one in (plan.port, plan.path, CONNECTIONS, count, seconds)]
    command = [sys.executable, "-m", "tests.bench._peers_load", *numbers]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        process.stdin.write("\n")
        process.stdin.flush()
        yield process


def _told(load: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = load.communicate()
    return dict(json.loads(out))


def _settled(url: str, wanted: set[int]) -> set[int]:
    """The pull requests that somebody asked GitHub about, as soon as nothing more comes."""
    asked: set[int] = set()
    began = changed_at = time.monotonic()
    with httpx.Client(trust_env=False) as client:
        while not wanted <= asked and (now := time.monotonic()) < min(
            changed_at + CALM_S, began + SETTLE_TIMEOUT_S
        ):
            seen = set(client.get(f"{url}/asked").json())
            changed_at = now if seen != asked else changed_at
            asked = seen
            time.sleep(LOOK_S)
    return asked
