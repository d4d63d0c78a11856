"""Installation tokens shared by processes over Redis or Valkey, encrypted with a key from the operator's secret."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import RedisError

from workers.github.timing import Timing
from workers.github.tokens import StoredToken

log = structlog.get_logger(__name__)

RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
TROUBLES = (RedisError, OSError, TimeoutError)


class SharedTokens:
    """A TokenCache. When Redis is away or holds what we can't read, it is as if it were empty."""

    def __init__(
        self,
        redis: Redis,
        storage_key: SecretStr,
        timing: Timing,
        *,
        prefix: str = "quorum:token:",
        lock_s: float = 10.0,
        poll_s: float = 0.1,
    ) -> None:
        self._redis = redis
        self._cipher = Fernet(_derive(storage_key))
        self._timing = timing
        self._prefix = prefix
        self._lock_s = lock_s
        self._poll_s = poll_s

    async def get(self, key: str) -> StoredToken | None:
        """The token kept under `key`; None also when it can't be had or read."""
        try:
            sealed = await self._redis.get(self._name(key))
        except TROUBLES as error:
            log.warning("github.token_cache_away", error=type(error).__name__)
            return None
        return self._unseal(key, sealed) if sealed else None

    async def set(self, key: str, token: StoredToken) -> None:
        """Keep `token` until its time."""
        life_s = int(token.use_until - self._timing.now())
        if life_s <= 0:
            return
        try:
            await self._redis.set(self._name(key), self._seal(key, token), ex=life_s)
        except TROUBLES as error:
            log.warning("github.token_cache_away", error=type(error).__name__)

    async def drop(self, key: str, value: SecretStr) -> None:
        """Forget `key` if it still holds `value`."""
        found = await self.get(key)
        if found is None or found.value != value:
            return
        try:
            await self._redis.delete(self._name(key))
        except TROUBLES as error:
            log.warning("github.token_cache_away", error=type(error).__name__)

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncIterator[None]:
        """Hold `key` for at most `lock_s`; after waiting that long for another holder, go on without it."""
        name, mine = f"{self._name(key)}:lock", secrets.token_hex(8)
        try:
            await self._acquire(name, mine)
        except TROUBLES as error:
            log.warning("github.token_cache_away", error=type(error).__name__)
        try:
            yield
        finally:
            await self._release(name, mine)

    async def _acquire(self, name: str, mine: str) -> None:
        for _ in range(int(self._lock_s / self._poll_s)):
            if await self._redis.set(name, mine, nx=True, px=int(self._lock_s * 1000)):
                return
            await self._timing.sleep(self._poll_s)

    async def _release(self, name: str, mine: str) -> None:
        try:
            await self._redis.eval(RELEASE, 1, name, mine)  # type: ignore[misc]
        except TROUBLES as error:
            log.warning("github.token_cache_away", error=type(error).__name__)

    def _name(self, key: str) -> str:
        return self._prefix + hashlib.sha256(key.encode()).hexdigest()

    def _seal(self, key: str, token: StoredToken) -> bytes:
        content = [key, token.value.get_secret_value(), token.use_until]
        return self._cipher.encrypt(json.dumps(content).encode())

    def _unseal(self, key: str, sealed: bytes | str) -> StoredToken | None:
        """The key is sealed too: a token copied to another key's place is not taken for that key's."""
        try:
            sealed_key, value, use_until = json.loads(self._cipher.decrypt(sealed))
        except (InvalidToken, ValueError, TypeError):
            return None
        return StoredToken(SecretStr(value), float(use_until)) if sealed_key == key else None


def _derive(storage_key: SecretStr) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"quorum installation tokens")
    return base64.urlsafe_b64encode(derivation.derive(storage_key.get_secret_value().encode()))
