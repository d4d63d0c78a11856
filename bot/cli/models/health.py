"""`quorum models health`: how the models stand, as the workers see it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from redis.asyncio import Redis

from config.catalogue_single import open_catalogue
from config.settings import Settings
from workers.domain.errors import TransientError, UserError
from workers.domain.health import Condition
from workers.valkey.away import TROUBLES
from workers.valkey.health_records import ValkeyRecords, conditions

TIMEOUT_S = 3.0
HEAD = ("model", "state", "since", "why", "last answer", "last used")
NOTHING = "Nothing is known of any model: none was asked within the last week."


def run(parsed: argparse.Namespace) -> int:
    """Print it. Raises UserError without QUORUM_REDIS_URL, TransientError when Valkey is away."""
    settings = Settings.from_environ(os.environ)
    names = open_catalogue(settings).models
    url = settings.redis_url.get_secret_value()
    if not url:
        raise UserError("QUORUM_REDIS_URL is not set: it names the Valkey in which workers keep the health.")
    found = [one for one in asyncio.run(_read(url)) if one.model in names]
    print(json.dumps([_values(one) for one in found], indent=2) if parsed.json else _text(found))
    return 0


async def _read(url: str) -> Sequence[Condition]:
    async with Redis.from_url(url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S) as redis:
        try:
            return await conditions(ValkeyRecords(redis))
        except TROUBLES as error:
            raise TransientError(f"Valkey is away ({type(error).__name__}).") from None


def _values(one: Condition) -> dict[str, object]:
    """The condition with its time in words of ISO 8601, null where there was none."""
    return {**asdict(one), "since": _time(one.since) or None, "reason": one.reason or None}


def _text(found: Iterable[Condition]) -> str:
    rows = [HEAD, *map(_cells, found)]
    if len(rows) == 1:
        return NOTHING
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _cells(one: Condition) -> tuple[str, ...]:
    return (
        one.model,
        str(one.standing),
        _time(one.since) or "-",
        one.reason or "-",
        "-" if one.latency_s is None else f"{one.latency_s:.2f} s",
        "-" if one.idle_s is None else f"{one.idle_s:,.0f} s ago",
    )


def _time(epoch_s: float) -> str:
    """ "" for never, and for what is no time."""
    try:
        return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="seconds") if epoch_s > 0 else ""
    except (ValueError, OverflowError, OSError):
        return ""
