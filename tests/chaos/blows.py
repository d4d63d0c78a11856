"""What each blow does: for as long as it is held, something is gone, slow or lying; afterwards it is as before."""

from __future__ import annotations

import asyncio
import resource
import signal
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tests.chaos.arena import SETTINGS, Arena, poisoned
from tests.chaos.blows_github import AT_GITHUB
from tests.chaos.blows_valkey import AT_STORES, JUMPS_S
from tests.chaos.clocked import ClockedProcess
from tests.chaos.plan import Blow
from tests.chaos.truth import unwritten
from tests.journeys.stack import Process
from workers.ending import STUCK_EXIT

Strike = Callable[[Arena, Blow], Awaitable[None]]
FROZEN_S = float(SETTINGS["QUORUM_LEASE_S"]) + 1.5
SPARE_BYTES = 4_096
TELLING_S = 2.0
ARRIVING_S, ARRIVING_TURNS = 0.5, 10
"""What was sent may lie in the model server's sockets, unread; it lives in this loop, and takes some turns of it."""
BEGINNING_S, BEGINNING_TURNS = 20.0, 100
BEGUN = ("listening for kicks", '"event": "receiving"')
"""What a worker's or a receiver's log says then."""


async def _kill_worker(arena: Arena, blow: Blow) -> None:
    worker = arena.dice.choice(arena.workers)
    await worker.kill()
    await _count_lost(arena)
    await arena.replace(worker)


async def _freeze_worker(arena: Arena, blow: Blow) -> None:
    worker = arena.dice.choice(arena.workers)
    worker.signal(signal.SIGSTOP)
    await _count_lost(arena)
    await asyncio.sleep(FROZEN_S)
    if worker.is_running:
        worker.signal(signal.SIGCONT)


async def _stop_worker(arena: Arena, blow: Blow) -> None:
    worker = arena.dice.choice(arena.workers)
    worker.signal(signal.SIGTERM)
    arena.asked_to_stop += 1
    try:
        stuck = await worker.wait() == STUCK_EXIT
    except TimeoutError:
        stuck = True
        worker.signal(signal.SIGUSR1)
        await asyncio.sleep(TELLING_S)
        await worker.kill()
    if stuck:
        arena.stuck.append(worker.log.name)
        await _count_lost(arena)
    await arena.replace(worker)


async def _count_lost(arena: Arena) -> None:
    """What a dead worker was told and had not written down is among what has no row now; so is what was lost before."""
    for _ in range(ARRIVING_TURNS):
        await asyncio.sleep(ARRIVING_S / ARRIVING_TURNS)
    arena.in_flight_lost = max(arena.in_flight_lost, await unwritten(arena))


async def _kill_web(arena: Arena, blow: Blow) -> None:
    await arena.web.kill()
    await asyncio.sleep(blow.held_s)
    arena.web = arena.process("web")
    await arena.web.start()


async def _jump_worker(arena: Arena, blow: Blow) -> None:
    await _jump(arena, blow, arena.dice.choice(arena.workers))


async def _jump_web(arena: Arena, blow: Blow) -> None:
    await _jump(arena, blow, arena.web)


async def _jump(arena: Arena, blow: Blow, process: Process) -> None:
    """Away and back again: it meets both directions."""
    assert isinstance(process, ClockedProcess)
    if not await _has_begun(process):
        print(f"  {process.log.name} has not begun: its clock is left alone", flush=True)
        return
    process.jump(arena.dice.choice(JUMPS_S))
    await asyncio.sleep(blow.held_s)
    process.jump(0.0)


async def _has_begun(process: ClockedProcess) -> bool:
    """Its clock is right when it begins: that is asked of operators, and what it goes by from there on."""
    for _ in range(BEGINNING_TURNS):
        if any(word in process.text() for word in BEGUN):
            return True
        await asyncio.sleep(BEGINNING_S / BEGINNING_TURNS)
    return False


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
    "worker's clock jumps": _jump_worker,
    "receiver killed": _kill_web,
    "receiver's clock jumps": _jump_web,
    "database: latency": _spoil_database,
    "database: reset": _spoil_database,
    "database: half-open": _spoil_database,
    "database: drip": _spoil_database,
    "disk full": _fill_disk,
    "model fails": _nothing,
    "heads pushed": _pushes,
    "closed and reopened": _reopen,
    **AT_STORES,
    **AT_GITHUB,
}


async def strike(arena: Arena, blow: Blow) -> None:
    """Let it happen."""
    await STRIKES[blow.kind](arena, blow)
    await arena.supervise()
