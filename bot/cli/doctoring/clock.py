"""Whether this machine's clock agrees with GitHub's, the database's and Valkey's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime

import httpx
import sqlalchemy as sa
from redis.asyncio import Redis

from bot.cli.doctoring.database import reading
from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.valkey import SOCKET_TIMEOUT_S
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well
from workers.domain.errors import TransientError, UserError
from workers.valkey.away import TROUBLES

APART_MAX_S = 30.0
UNREAD = (httpx.HTTPError, TransientError, UserError, ValueError, *TROUBLES)
"""Who can't be asked here is another check's matter."""


async def look(patient: Patient) -> Verdict:
    """JWTs, leases and budgets count on it. Who can't be reached is passed over."""
    clocks = {"GitHub": _github, "the database": _database, "Valkey": _valkey}
    gaps = await asyncio.gather(*(_apart(patient, clock) for clock in clocks.values()))
    known = {name: gap for name, gap in zip(clocks, gaps, strict=True) if gap is not None}
    off = [f"{name} by {gap:+.0f} s" for name, gap in known.items() if abs(gap) > APART_MAX_S]
    if off:
        return failed(
            f"This machine's clock is off from {', '.join(off)}: set it by NTP, or GitHub refuses the App."
        )
    if not known:
        return doubtful("Nobody could be asked the time, so this machine's clock is not compared.")
    return well(f"The clock agrees with {', '.join(known)}.")


async def _apart(patient: Patient, clock: Callable[[Patient], Awaitable[float | None]]) -> float | None:
    """Seconds by which ours is ahead; None where theirs can't be read."""
    began = patient.now()
    try:
        theirs = await clock(patient)
    except UNREAD:
        return None
    return None if theirs is None else (began + patient.now()) / 2 - theirs


async def _github(patient: Patient) -> float | None:
    date = (await patient.anybody.get(patient.settings.github_api_url)).headers.get("date")
    return parsedate_to_datetime(date).timestamp() if date else None


async def _database(patient: Patient) -> float | None:
    return await reading(patient.settings, _database_time)


def _database_time(connection: sa.Connection) -> float | None:
    """SQLite has no clock of its own."""
    if connection.dialect.name != "postgresql":
        return None
    return float(connection.scalar(sa.text("SELECT extract(epoch FROM clock_timestamp())")) or 0)


async def _valkey(patient: Patient) -> float | None:
    url = patient.settings.redis_url.get_secret_value()
    if not url:
        return None
    async with Redis.from_url(
        url, socket_timeout=SOCKET_TIMEOUT_S, socket_connect_timeout=SOCKET_TIMEOUT_S
    ) as redis:
        seconds, micros = await redis.time()
        return float(seconds) + float(micros) / 1_000_000
