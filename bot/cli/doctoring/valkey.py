"""Whether Valkey answers and is set up for what it is used for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well
from workers.valkey.away import TROUBLES

SOCKET_TIMEOUT_S = 3.0
VERSION_MIN = (6, 2)
KEEPS = "noeviction"


async def look(patient: Patient) -> Verdict:
    """Ping, version, what it does when its memory is full, and whether it can save where it should."""
    url = patient.settings.redis_url.get_secret_value()
    if not url:
        return doubtful("QUORUM_REDIS_URL is not set: `quorum serve` starts one, `quorum worker` needs it.")
    try:
        async with Redis.from_url(
            url,
            socket_timeout=SOCKET_TIMEOUT_S,
            socket_connect_timeout=SOCKET_TIMEOUT_S,
            decode_responses=True,
        ) as redis:
            return _judged(await redis.info("everything"))
    except (*TROUBLES, ValueError) as error:
        return failed(f"Valkey can't be asked ({type(error).__name__}): start it, or mend QUORUM_REDIS_URL.")


def _judged(told: Mapping[str, Any]) -> Verdict:
    version = str(told.get("valkey_version") or told.get("redis_version") or "?")
    if _numbers(str(told.get("redis_version", ""))) < VERSION_MIN:
        return failed(f"Version {version} is too old: Quorum needs Redis 6.2 or any Valkey.")
    if told.get("loading"):
        return failed("It is still loading its data: wait.")
    if told.get("rdb_last_bgsave_status", "ok") != "ok":
        return failed("It can't save to its disk and may refuse to write: make room, or turn saving off.")
    policy = str(told.get("maxmemory_policy", KEEPS))
    if told.get("maxmemory") and policy != KEEPS:
        return doubtful(f"When its memory is full it forgets what it should not ({policy}): set {KEEPS}.")
    kept = "keeps its data on disk" if told.get("aof_enabled") else "need keep nothing on disk"
    return well(f"Version {version} answers; it {kept}.")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
