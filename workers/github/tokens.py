"""Installation tokens: least rights, minted once however many ask, kept until shortly before they end."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from pydantic import BaseModel, SecretStr

from workers.github.errors import NotFoundError, PermissionMissingError, UnprocessableError
from workers.github.permissions import Permissions
from workers.github.timing import Timing

SPARE_S = 300.0
UNKNOWN_LIFE_S = 900.0
NOT_THERE = "not accessible to the parent installation"
"""What GitHub says of a repository that was deleted, handed on, or taken from the app."""


@dataclass(frozen=True, slots=True)
class AppIdentity:
    """The App as GitHub knows it. `client_id` issues its JWTs; `app_id` stands in where it is empty."""

    app_id: int
    client_id: str
    private_key: SecretStr = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenScope:
    """What a token may do: one installation, one repository (None: all of them), these permissions."""

    installation_id: int
    repository_id: int | None
    permissions: Permissions

    def key(self, host: str, app_id: int) -> str:
        """Equal scopes have equal keys, whatever the order of their permissions."""
        granted = ",".join(f"{name}:{level}" for name, level in sorted(self.permissions))
        return f"{host}|{app_id}|{self.installation_id}|{self.repository_id or 'all'}|{granted}"


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A token and the time (epoch seconds) until which it is handed out."""

    value: SecretStr = field(repr=False)
    use_until: float


class TokenCache(Protocol):
    """Tokens shared by the processes. It never raises for its own troubles: it only forgets."""

    async def get(self, key: str) -> StoredToken | None:
        """The token kept under `key`."""
        ...

    async def set(self, key: str, token: StoredToken) -> None:
        """Keep `token` until its time."""
        ...

    async def drop(self, key: str, value: SecretStr) -> None:
        """Forget `key` if it still holds `value`."""
        ...

    def lock(self, key: str) -> AbstractAsyncContextManager[None]:
        """Held by one process at a time, for a bounded time."""
        ...


class Minter(Protocol):
    """What mints: a client that speaks as the App."""

    async def mint(self, installation_id: int, body: dict[str, Any]) -> Any:
        """GitHub's answer to "create an installation access token"."""
        ...


class _Minted(BaseModel):
    token: SecretStr
    expires_at: str = ""


class TokenSource:
    """Tokens for scopes. Tokens are opaque: nothing is read from their shape or length."""

    def __init__(
        self, app: Minter, app_id: int, host: str, timing: Timing, shared: TokenCache | None = None
    ) -> None:
        self._app = app
        self._app_id = app_id
        self._host = host
        self._timing = timing
        self._shared = shared
        self._kept: dict[str, StoredToken] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def token(self, scope: TokenScope) -> SecretStr:
        """A token that is good for minutes yet. However many ask at once, one is minted."""
        key = scope.key(self._host, self._app_id)
        if kept := self._fresh(self._kept.get(key)):
            return kept.value
        lock = self._locks.setdefault(key, asyncio.Lock())
        async with lock:
            if kept := self._fresh(self._kept.get(key)):
                return kept.value
            self._forget_stale()
            self._kept[key] = await self._obtain(key, scope)
            return self._kept[key].value

    async def invalidate(self, scope: TokenScope, token: SecretStr) -> None:
        """GitHub refused `token`: forget it here and in the shared cache, unless a newer one has replaced it."""
        key = scope.key(self._host, self._app_id)
        kept = self._kept.get(key)
        if kept and kept.value == token:
            del self._kept[key]
        if self._shared:
            await self._shared.drop(key, token)

    async def _obtain(self, key: str, scope: TokenScope) -> StoredToken:
        if self._shared is None:
            return await self._mint(scope)
        if found := self._fresh(await self._shared.get(key)):
            return found
        async with self._shared.lock(key):
            if found := self._fresh(await self._shared.get(key)):
                return found
            minted = await self._mint(scope)
            await self._shared.set(key, minted)
            return minted

    async def _mint(self, scope: TokenScope) -> StoredToken:
        try:
            answer = await self._app.mint(scope.installation_id, _mint_body(scope))
        except UnprocessableError as error:
            if NOT_THERE in str(error):
                raise NotFoundError(str(error), status=422) from error
            wanted = ", ".join(f"{name}={level}" for name, level in scope.permissions)
            raise PermissionMissingError(
                f"The installation does not grant what the job needs ({wanted}). {error}",
                status=422,
                permission=wanted,
            ) from error
        minted = _Minted.model_validate(answer)
        return StoredToken(minted.token, expiry(minted.expires_at, self._timing.now()) - SPARE_S)

    def _fresh(self, token: StoredToken | None) -> StoredToken | None:
        return token if token and token.use_until > self._timing.now() else None

    def _forget_stale(self) -> None:
        for key in [key for key, token in self._kept.items() if not self._fresh(token)]:
            del self._kept[key]
        for key in [key for key, lock in self._locks.items() if key not in self._kept and not lock.locked()]:
            del self._locks[key]


class InstallationCredentials:
    """A scope's tokens as `Authorization` values."""

    def __init__(self, tokens: TokenSource, scope: TokenScope) -> None:
        self._tokens = tokens
        self._scope = scope

    async def authorization(self) -> str:
        """The present token."""
        return f"Bearer {(await self._tokens.token(self._scope)).get_secret_value()}"

    async def refused(self, authorization: str, date: str) -> None:
        """Forget the token that GitHub refused."""
        await self._tokens.invalidate(self._scope, SecretStr(authorization.removeprefix("Bearer ")))


def expiry(text: str, now: float) -> float:
    """`expires_at` as epoch seconds: with or without fraction, `Z` or offset; a quarter of an hour if unreadable."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return now + UNKNOWN_LIFE_S
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _mint_body(scope: TokenScope) -> dict[str, Any]:
    body: dict[str, Any] = {"permissions": dict(scope.permissions)} if scope.permissions else {}
    if scope.repository_id is not None:
        body["repository_ids"] = [scope.repository_id]
    return body
