"""Blows at GitHub: it loses answers, fails, limits in all its ways, and refuses credentials."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from tests.chaos.arena import Arena
from tests.chaos.plan import Blow
from tests.fakes.github import Fault

LIMITED_S = 3
MET_WITHIN_S = 8.0
POLL_S = 0.1
OF_AN_INSTALLATION = "/repos/.*"
OF_THE_APP = "/app/.*"


async def _fault(arena: Arena, blow: Blow, *, fault: Callable[[], Fault]) -> None:
    arena.github.faults.add(fault())


async def _limit(arena: Arena, blow: Blow, *, kind: str, path: str, status: int = 403) -> None:
    """Until the time is over that GitHub names: what a Valkey would forget meanwhile is another blow."""
    fault = Fault(("*", path), kind, retry_after_s=LIMITED_S, status=status)
    arena.github.faults.add(fault)
    for _ in range(round(MET_WITHIN_S / POLL_S)):
        if not fault.times:
            break
        await asyncio.sleep(POLL_S)
    fault.times = 0
    await asyncio.sleep(LIMITED_S)


AT_GITHUB: Mapping[str, Callable[[Arena, Blow], Awaitable[None]]] = {
    "GitHub: answers lost": partial(
        _fault,
        fault=lambda: Fault(("POST", r".*/(reviews|comments|check-runs)$"), "drop_after_commit", times=5),
    ),
    "GitHub: bad gateways": partial(_fault, fault=lambda: Fault(("*", ".*"), "status", times=8)),
    "GitHub: hour used up": partial(_limit, kind="primary_limit", path=OF_AN_INSTALLATION),
    "GitHub: secondary limit": partial(_limit, kind="secondary_limit", path=OF_AN_INSTALLATION),
    "GitHub: secondary limit as 429": partial(
        _limit, kind="secondary_limit", path=OF_AN_INSTALLATION, status=429
    ),
    "GitHub: App limited": partial(_limit, kind="secondary_limit", path=OF_THE_APP),
    "GitHub: secondary limit without a time": partial(
        _fault, fault=lambda: Fault(("*", OF_AN_INSTALLATION), "secondary_limit")
    ),
    "GitHub: credentials refused": partial(
        _fault, fault=lambda: Fault(("*", "/repos/.*"), "unauthorised_once", times=2)
    ),
}
