"""Where the records of models are kept: in Valkey for all workers, or in this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from pydantic import TypeAdapter, ValidationError
from redis.asyncio import Redis

from workers.domain.health import Condition
from workers.valkey.breaker import Record, condition

RECORDS = "quorum:health"
CHECKS = "quorum:health:checks"
KEEP_S = 604_800
RECORDS_MAX = 1_000
"""Repositories may name models of their own. With more, all are forgotten: a breaker learns quickly."""
CHANGES_MAX = 50
"""Tries of one change. Of those who try at once one succeeds each time, so nobody comes near it."""

Step = Callable[[Record, float], Record]
"""(record, now in epoch seconds) → the next record."""

READ_ALL = "return {redis.call('TIME'), redis.call('HGETALL', KEYS[1])}"
READ_ONE = "return {redis.call('TIME'), redis.call('HGET', KEYS[1], ARGV[1])}"
SWAP = """
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[5]) then redis.call('DEL', KEYS[1]) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""
RECORD: TypeAdapter[Record] = TypeAdapter(Record)


class Records(Protocol):
    """One record a model."""

    async def all(self) -> tuple[float, Mapping[str, Record]]:
        """The time, and every record."""
        ...

    async def change(self, model: str, step: Step) -> bool:
        """Take `step`, undisturbed by others; False when there was nothing to change, or no end of others."""
        ...

    async def count(self, model: str, result: str) -> None:
        """Count a probe."""
        ...


class MemoryRecords:
    """Records of this process. `now` gives epoch seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._records: dict[str, Record] = {}

    async def all(self) -> tuple[float, Mapping[str, Record]]:
        """The time, and every record."""
        return self._now(), dict(self._records)

    async def change(self, model: str, step: Step) -> bool:
        """Take `step`; whether it changed anything."""
        before = self._records.get(model, Record())
        self._records[model] = step(before, self._now())
        return self._records[model] != before

    async def count(self, model: str, result: str) -> None:
        """Nobody reads counts of one process."""


class ValkeyRecords:
    """Records of all workers, by Valkey's clock. Raises RedisError or OSError while it is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._read_all = redis.register_script(READ_ALL)
        self._read_one = redis.register_script(READ_ONE)
        self._swap = redis.register_script(SWAP)

    async def all(self) -> tuple[float, Mapping[str, Record]]:
        """The time, and every record; one that can't be read is as if it were new."""
        time, flat = await self._read_all(keys=[RECORDS])
        pairs = zip(flat[::2], flat[1::2], strict=True)
        return _seconds(time), {_text(name): _record(text) for name, text in pairs}

    async def change(self, model: str, step: Step) -> bool:
        """Take `step`: read, decide, and write unless somebody else wrote meanwhile; then again."""
        for _ in range(CHANGES_MAX):
            time, before = await self._read_one(keys=[RECORDS], args=[model])
            record = _record(before)
            after = step(record, _seconds(time))
            if after == record:
                return False
            args = [model, before or b"", RECORD.dump_json(after), KEEP_S, RECORDS_MAX]
            if await self._swap(keys=[RECORDS], args=args):
                return True
        return False

    async def count(self, model: str, result: str) -> None:
        """Count a probe, for the metrics."""
        await self._redis.hincrby(CHECKS, f"{result}:{model}", 1)  # type: ignore[misc]


async def conditions(records: Records) -> Sequence[Condition]:
    """Every model of which anything is known, by name."""
    now, known = await records.all()
    return [condition(model, known[model], now) for model in sorted(known)]


def _record(text: bytes | None) -> Record:
    try:
        return RECORD.validate_json(text) if text else Record()
    except ValidationError:  # written by another version, or by somebody else
        return Record()


def _seconds(time: list[bytes]) -> float:
    return int(time[0]) + int(time[1]) / 1_000_000


def _text(value: bytes) -> str:
    return value.decode(errors="replace")
