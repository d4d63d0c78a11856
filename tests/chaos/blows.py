"""What each blow does: for as long as it is held, something is gone, slow or lying; afterwards it is as before."""

from __future__ import annotations

import asyncio
import resource
import signal
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import redis.asyncio

from tests.chaos.arena import Arena, poisoned
from tests.chaos.plan import Blow
from tests.fakes.github import Fault
from tests.journeys.stack import Process

Strike = Callable[[Arena, Blow], Awaitable[None]]
FROZEN_S = 4.5
"""Longer than a lease."""
SPARE_BYTES = 4_096


async def _kill_worker(arena: Arena, blow: Blow) -> None:
    worker = arena.dice.choice(arena.workers)
    arena.in_flight_lost += arena.models.in_flight
    await worker.kill()
    await arena.replace(worker)


async def _freeze_worker(arena: Arena, blow: Blow) -> None:
    worker = arena.dice.choice(arena.workers)
    arena.in_flight_lost += arena.models.in_flight
    worker.signal(signal.SIGSTOP)
    await asyncio.sleep(FROZEN_S)
    if worker.is_running:
        worker.signal(signal.SIGCONT)


async def _stop_worker(arena: Arena, blow: Blow) -> None:
    worker = arena.dice.choice(arena.workers)
    worker.signal(signal.SIGTERM)
    await worker.wait()
    await arena.replace(worker)


async def _kill_web(arena: Arena, blow: Blow) -> None:
    await arena.web.kill()
    await asyncio.sleep(blow.held_s)
    arena.web = arena.process("web")
    await arena.web.start()


async def _flush_valkey(arena: Arena, blow: Blow) -> None:
    async with redis.asyncio.Redis.from_url(f"redis://127.0.0.1:{arena.valkey_port}") as client:
        await client.flushall()


async def _restart_valkey(arena: Arena, blow: Blow) -> None:
    arena.empty_valkey()


async def _spoil_valkey(arena: Arena, blow: Blow) -> None:
    with poisoned(arena.valkey_proxy, blow.kind.rpartition(": ")[2]):
        await asyncio.sleep(blow.held_s)


async def _spoil_database(arena: Arena, blow: Blow) -> None:
    assert arena.database_proxy is not None
    with poisoned(arena.database_proxy, blow.kind.rpartition(": ")[2]):
        await asyncio.sleep(blow.held_s)


async def _fill_disk(arena: Arena, blow: Blow) -> None:
    """No file of Quorum's processes may grow: what SQLite meets is what a full disk says to a write."""
    size = sum(path.stat().st_size for path in _files(arena))
    living = [one for one in (arena.web, *arena.workers) if one.is_running]
    _limit_files(living, size + SPARE_BYTES)
    await asyncio.sleep(blow.held_s)
    _limit_files([one for one in living if one.is_running], resource.RLIM_INFINITY)


def _files(arena: Arena) -> list[Path]:
    path = Path(urlsplit(arena.database_url).path)
    return [one for one in (path, path.with_name(f"{path.name}-wal")) if one.exists()]


def _limit_files(processes: list[Process], size_bytes: int) -> None:
    for one in processes:
        resource.prlimit(one.pid, resource.RLIMIT_FSIZE, (size_bytes, resource.RLIM_INFINITY))


async def _fault(arena: Arena, blow: Blow, *, fault: Callable[[], Fault]) -> None:
    arena.github.faults.add(fault())


async def _pushes(arena: Arena, blow: Blow) -> None:
    for pull in arena.dice.sample(arena.pulls, min(4, len(arena.pulls))):
        if pull.state == "open":
            arena.github.push(pull, arena.dice.choice(arena.heads))


async def _reopen(arena: Arena, blow: Blow) -> None:
    pulls = [pull for pull in arena.pulls if pull.state == "open"]
    for pull in arena.dice.sample(pulls, min(2, len(pulls))):
        arena.github.close(pull)
        await asyncio.sleep(0.3)
        arena.github.reopen(pull)


async def _nothing(arena: Arena, blow: Blow) -> None:
    """Models fail all the time, see `Arena.answer`."""


STRIKES: Mapping[str, Strike] = {
    "worker killed": _kill_worker,
    "worker frozen past its lease": _freeze_worker,
    "worker asked to stop": _stop_worker,
    "receiver killed": _kill_web,
    "Valkey emptied": _flush_valkey,
    "Valkey killed, started empty": _restart_valkey,
    "Valkey: latency": _spoil_valkey,
    "Valkey: reset": _spoil_valkey,
    "Valkey: half-open": _spoil_valkey,
    "Valkey: drip": _spoil_valkey,
    "database: latency": _spoil_database,
    "database: reset": _spoil_database,
    "database: half-open": _spoil_database,
    "database: drip": _spoil_database,
    "disk full": _fill_disk,
    "GitHub: answers lost": partial(
        _fault,
        fault=lambda: Fault(("POST", r".*/(reviews|comments|check-runs)$"), "drop_after_commit", times=5),
    ),
    "GitHub: bad gateways": partial(_fault, fault=lambda: Fault(("*", ".*"), "status", times=8)),
    "GitHub: secondary limit": partial(
        _fault, fault=lambda: Fault(("POST", ".*"), "secondary_limit", retry_after_s=2)
    ),
    "GitHub: credentials refused": partial(
        _fault, fault=lambda: Fault(("*", "/repos/.*"), "unauthorised_once", times=2)
    ),
    "model fails": _nothing,
    "heads pushed": _pushes,
    "closed and reopened": _reopen,
}


async def strike(arena: Arena, blow: Blow) -> None:
    """Let it happen."""
    await STRIKES[blow.kind](arena, blow)
