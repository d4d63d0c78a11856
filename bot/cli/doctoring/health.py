"""How models stood lately, as the workers saw it."""

from __future__ import annotations

from redis.asyncio import Redis

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.valkey import SOCKET_TIMEOUT_S
from bot.cli.doctoring.verdict import Verdict, doubtful, well
from config.catalogue_single import open_catalogue
from workers.domain.health import Standing
from workers.valkey.health_records import ValkeyRecords, conditions


async def look(patient: Patient) -> Verdict:
    """Those that nobody asks for the moment, and why."""
    url = patient.settings.redis_url.get_secret_value()
    if not url:
        return well("Without QUORUM_REDIS_URL nothing is kept of it.")
    names = open_catalogue(patient.settings).models
    async with Redis.from_url(
        url, socket_timeout=SOCKET_TIMEOUT_S, socket_connect_timeout=SOCKET_TIMEOUT_S
    ) as redis:
        found = [one for one in await conditions(ValkeyRecords(redis)) if one.model in names]
    ill = [
        f"{one.model} ({one.standing}: {one.reason})" for one in found if one.standing is not Standing.HEALTHY
    ]
    if ill:
        return doubtful(f"Not asked for the moment: {', '.join(ill)}. `quorum models check` says what to do.")
    return well(f"{len(found)} healthy." if found else "Nothing is known yet: none was asked.")
