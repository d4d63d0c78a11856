"""The pace of all workers together: an installation's writes take turns in Valkey, its rate limits are known to all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from redis.asyncio import Redis

from workers.domain.pace import Pace, Turn
from workers.valkey.away import TROUBLES, Spare

PREFIX = "quorum:github:"
MILLI = 1_000
LIMITED = 1
"""The script's word for a limit of GitHub's; 2 is a turn that is too far away."""
CLOCK = "local time = redis.call('TIME') local now = time[1] * 1000 + math.floor(time[2] / 1000)\n"
TURN = """
local write, creates, id = ARGV[1] == '1', ARGV[2] == '1', ARGV[3]
local interval, most, patience = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local hour = 3600000
local kept = redis.call('HMGET', KEYS[1], 'blocked', 'free', 'asked')
local blocked = tonumber(kept[1]) or 0
local asked = tonumber(kept[3]) or blocked - now
if blocked > now + asked then -- GitHub never asked for so long: the clock went back
  blocked = now + asked
  redis.call('HSET', KEYS[1], 'blocked', string.format('%.0f', blocked))
end
if blocked > now then return {1, blocked - now} end
if not write then return {0, 0} end
local free = tonumber(kept[2]) or 0
if free > now + patience + interval then free = 0 end -- nobody was ever given such a turn: the clock went back
local slot = math.max(now, free)
if creates and most > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - hour)
  for _, later in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], now + patience + interval, '+inf')) do
    redis.call('ZADD', KEYS[2], string.format('%.0f', now), later) -- as above
  end
  local over = redis.call('ZCARD', KEYS[2]) - most
  if over >= 0 then
    slot = math.max(slot, tonumber(redis.call('ZRANGE', KEYS[2], over, over, 'WITHSCORES')[2]) + hour)
  end
end
if slot - now > patience then return {2, slot - now} end
redis.call('HSET', KEYS[1], 'free', string.format('%.0f', slot + interval))
redis.call('PEXPIRE', KEYS[1], 2 * hour)
if creates and most > 0 then
  redis.call('ZADD', KEYS[2], string.format('%.0f', slot), id)
  redis.call('PEXPIRE', KEYS[2], 2 * hour)
end
return {0, slot - now}
"""
BLOCK = """
local asked = tonumber(ARGV[1])
local kept = redis.call('HMGET', KEYS[1], 'blocked', 'asked')
local known = tonumber(kept[1]) or 0
local left = math.min(known - now, tonumber(kept[2]) or known - now) -- more is left only where the clock went back
asked = math.max(asked, left)
redis.call('HSET', KEYS[1], 'blocked', string.format('%.0f', now + asked), 'asked', string.format('%.0f', asked))
redis.call('PEXPIRE', KEYS[1], math.max(7200000, asked))
"""


class Alone(Protocol):
    """The same for one process, while Valkey is away."""

    async def turn(self, owner: str, *, write: bool, creates: bool) -> Turn:
        """When the next request may be sent."""
        ...

    async def block(self, owner: str, wait_s: float) -> None:
        """Nothing is sent until then."""
        ...


class ValkeyPacing:
    """Turns by Valkey's clock. While it is away each process keeps the pace alone, and GitHub's answers hold it back."""

    def __init__(
        self,
        redis: Redis,
        pace: Pace,
        alone: Alone,
        new_id: Callable[[], str],
        clock: Callable[[], float],
        *,
        patience_s: float = 60.0,
    ) -> None:
        self._pace = pace
        self._alone = alone
        self._new_id = new_id
        self._patience_ms = round(patience_s * MILLI)
        self._spare = Spare("github's pace", clock, tries=2)
        self._turn = redis.register_script(CLOCK + TURN)
        self._block = redis.register_script(CLOCK + BLOCK)

    async def turn(self, owner: str, *, write: bool, creates: bool) -> Turn:
        """When `owner`'s next request may be sent; a place for a write is taken."""
        known = await self._alone.turn(owner, write=False, creates=False)
        if (
            known.refused
        ):  # a Valkey that was emptied since has forgotten: it is told again, for those who never heard
            await self._spare.either(lambda: self._block_shared(owner, known.wait_s), _nothing)
            return known
        return await self._spare.either(
            lambda: self._turn_shared(owner, write, creates),
            lambda: self._alone.turn(owner, write=write, creates=creates),
        )

    async def block(self, owner: str, wait_s: float) -> None:
        """GitHub asked to wait: no worker sends anything until then."""
        # Noted here, too: should Valkey go away meanwhile, this process still knows.
        await self._alone.block(owner, wait_s)
        with suppress(
            *TROUBLES
        ):  # asked also where it was away a moment ago: the others have to know at once
            await self._block_shared(owner, wait_s)

    async def _block_shared(self, owner: str, wait_s: float) -> None:
        await self._block(keys=_keys(owner)[:1], args=[round(wait_s * MILLI)])

    async def _turn_shared(self, owner: str, write: bool, creates: bool) -> Turn:
        interval_ms = round(self._pace.interval_s * MILLI)
        args: list[str | int] = [int(write), int(creates), self._new_id()]
        args += [interval_ms, self._pace.creations_per_hour, self._patience_ms]
        refused, wait_ms = await self._turn(keys=_keys(owner), args=args)
        turn = Turn(int(wait_ms) / MILLI, refused=bool(refused))
        if refused == LIMITED:  # remembered here, too: Valkey may be away, or empty, before the limit ends
            await self._alone.block(owner, turn.wait_s)
        return turn


def _keys(owner: str) -> list[str]:
    return [f"{PREFIX}{{{owner}}}", f"{PREFIX}{{{owner}}}:created"]


async def _nothing() -> None:
    """Nobody else can be told."""
