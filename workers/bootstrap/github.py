"""GitHub's clients: signed, paced together with the other workers, with tokens that are shared or their own."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from redis.asyncio import Redis

from config.settings import Settings
from workers.domain.pace import UNPACED, Pace
from workers.github.client import Clients, open_clients
from workers.github.doors import identity_of
from workers.github.pacing import LocalPacing
from workers.github.shared_tokens import SharedTokens
from workers.github.signing import AppCredentials
from workers.github.timing import Timing
from workers.hearing import hearing
from workers.valkey.pacing import ValkeyPacing

TOKEN_BYTES = 16
REDIS_TIMEOUT_S = 2.0


async def can_sign(settings: Settings) -> None:
    """Raises UserError for a key that can't: each job that is started without a token would fail for good."""
    if settings.broker_socket is None:
        await AppCredentials(identity_of(settings), Timing()).authorization()


@asynccontextmanager
async def open_paced_clients(settings: Settings, redis_url: str) -> AsyncIterator[Clients]:
    """GitHub's clients; workers share their pace, and tokens when the operator gave a key to encrypt them with."""
    timing = Timing()
    redis = hearing(
        Redis.from_url(redis_url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S)
    )
    try:
        keyed = settings.storage_key.get_secret_value()
        shared = SharedTokens(redis, settings.storage_key, timing) if keyed else None
        pace = Pace(settings.github_write_interval_s, settings.github_creations_per_hour)
        pacing, app_pacing = _pacing(redis, pace), _pacing(redis, UNPACED)
        async with open_clients(
            settings, shared, timing=timing, pacing=pacing, app_pacing=app_pacing
        ) as clients:
            yield clients
    finally:
        await redis.aclose()


def _pacing(redis: Redis, pace: Pace) -> ValkeyPacing:
    alone = LocalPacing(pace, time.monotonic)
    return ValkeyPacing(redis, pace, alone, partial(secrets.token_hex, TOKEN_BYTES), time.monotonic)
