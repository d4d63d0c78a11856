"""A value that gets old: read once for all, and anew in time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from tests.fakes.clock import Clock
from workers.domain.fresh import Fresh


@dataclass
class Source:
    """Counts how often it was read; `broken`: it can't be."""

    reads: int = 0
    broken: bool = False
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self) -> int:
        self.reads += 1
        await self.open.wait()
        if self.broken:
            raise OSError("away")
        return self.reads


async def test_all_who_ask_at_once_share_a_reading_also_when_the_first_gives_up() -> None:
    source = Source()
    fresh = Fresh(source.read, Clock(0.0), 1.0)
    first, *others = [asyncio.create_task(fresh.get()) for _ in range(5)]
    await asyncio.sleep(0)
    first.cancel()
    source.open.set()
    assert await asyncio.gather(*others) == [1, 1, 1, 1]


async def test_it_is_read_anew_when_it_is_old_or_forgotten() -> None:
    source, clock = Source(), Clock(0.0)
    source.open.set()
    fresh = Fresh(source.read, clock, 1.0)
    seen = [await fresh.get()]
    for pass_s in (0.9, 0.1, 0.9):
        clock.advance(pass_s)
        seen.append(await fresh.get())
    fresh.forget()
    assert [*seen, await fresh.get()] == [1, 1, 2, 2, 3]


async def test_a_failure_is_told_and_not_kept() -> None:
    source = Source(broken=True)
    source.open.set()
    fresh = Fresh(source.read, Clock(0.0), 1.0)
    with pytest.raises(OSError, match="away"):
        await fresh.get()
    source.broken = False
    assert await fresh.get() == 2
