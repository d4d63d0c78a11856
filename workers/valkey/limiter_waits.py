"""How often, and how long, requests were told to wait: for the metrics alone."""

from __future__ import annotations

from redis.asyncio import Redis

WAITS = "quorum:rate:waits"
FIELDS_MAX = 400
"""Two a bucket; more buckets are limited, but not counted."""
WAITED = """
if redis.call('HEXISTS', KEYS[1], 'count:' .. ARGV[1]) == 1 or redis.call('HLEN', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('HINCRBY', KEYS[1], 'count:' .. ARGV[1], 1)
  redis.call('HINCRBY', KEYS[1], 'ms:' .. ARGV[1], ARGV[2])
end
"""


class Waits:
    """Counts them in Valkey."""

    def __init__(self, redis: Redis) -> None:
        self._waited = redis.register_script(WAITED)

    async def add(self, bucket: str, wait_ms: int) -> None:
        """Somebody was told to wait. Raises RedisError or OSError while Valkey is away."""
        await self._waited(keys=[WAITS], args=[bucket, wait_ms, FIELDS_MAX])
