"""Blows at Valkey, and at its and the database's clock: emptied, killed, put back to an older state, or hard to reach."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import redis.asyncio

from tests.chaos.arena import Arena, poisoned
from tests.chaos.plan import Blow
from tests.chaos.shifting import Clock
from tests.databases import kill_valkey


async def _flush(arena: Arena, blow: Blow) -> None:
    async with redis.asyncio.Redis.from_url(f"redis://127.0.0.1:{arena.valkey_port}") as client:
        await client.flushall()


async def _start_empty(arena: Arena, blow: Blow) -> None:
    kill_valkey(arena.valkey)
    shutil.rmtree(arena.valkey_folder)
    arena.valkey_folder.mkdir()
    arena.start_valkey()


async def _start_on_its_file(arena: Arena, blow: Blow) -> None:
    """All that it was told comes back, also what has ended meanwhile."""
    kill_valkey(arena.valkey)
    await asyncio.sleep(blow.held_s)
    arena.start_valkey()


async def _put_back(arena: Arena, blow: Blow) -> None:
    """As after a failover to a replica that lagged: what was told since is forgotten, what was over is not."""
    older = arena.valkey_folder.with_name("valkey-older")
    shutil.copytree(arena.valkey_folder, older)
    await asyncio.sleep(blow.held_s)
    kill_valkey(arena.valkey)
    shutil.rmtree(arena.valkey_folder)
    older.rename(arena.valkey_folder)
    arena.start_valkey()


async def _jump(arena: Arena, blow: Blow, *, clock: Callable[[Arena], Clock]) -> None:
    """Away and back again: it meets both directions."""
    moved = clock(arena)
    moved.jump(arena.dice.choice(JUMPS_S))
    await asyncio.sleep(max(blow.held_s, JUMP_S_MIN))
    moved.jump(0.0)


async def _spoil(arena: Arena, blow: Blow) -> None:
    with poisoned(arena.valkey_proxy, blow.kind.rpartition(": ")[2]):
        await asyncio.sleep(blow.held_s)


JUMPS_S = (-3_600.0, -100.0, 100.0, 3_600.0)
JUMP_S_MIN = 1.5
"""Shorter, nobody might look at the clock meanwhile."""
AT_STORES: Mapping[str, Callable[[Arena, Blow], Awaitable[None]]] = {
    "Valkey emptied": _flush,
    "Valkey killed, started empty": _start_empty,
    "Valkey killed, started on its AOF": _start_on_its_file,
    "Valkey put back to what it was": _put_back,
    "Valkey's clock jumps": partial(_jump, clock=lambda arena: arena.valkey_clock),
    "database's clock jumps": partial(_jump, clock=lambda arena: arena.database_clock),
    "Valkey: latency": _spoil,
    "Valkey: reset": _spoil,
    "Valkey: half-open": _spoil,
    "Valkey: drip": _spoil,
}
