"""Tokens are minted once, kept until shortly before their end, and never shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from tests.workers.github.scripted import INSTALLATION, REPOSITORY, FakeTime, Scripted, error, of, speaking_to
from workers.domain.errors import TransientError
from workers.github.client import InstallationClient
from workers.github.errors import NotFoundError, PermissionMissingError, UnprocessableError
from workers.github.permissions import READ, REVIEW
from workers.github.tokens import AppIdentity, StoredToken, TokenScope, TokenSource, expiry

SCOPE = TokenScope(INSTALLATION, REPOSITORY, REVIEW)
APP_ID = 99


class Mint:
    """Mints "m1", "m2" … and lets every other task run meanwhile."""

    def __init__(self, expires_at: str = "2027-01-15T09:00:00Z") -> None:
        self.bodies: list[dict[str, Any]] = []
        self.expires_at = expires_at

    async def mint(self, installation_id: int, body: dict[str, Any]) -> Any:
        self.bodies.append(body)
        await asyncio.sleep(0)
        return {"token": f"m{len(self.bodies)}", "expires_at": self.expires_at}


class Shelf:
    """A TokenCache in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, StoredToken] = {}
        self.locked = asyncio.Lock()

    async def get(self, key: str) -> StoredToken | None:
        return self.kept.get(key)

    async def set(self, key: str, token: StoredToken) -> None:
        self.kept[key] = token

    async def drop(self, key: str, value: SecretStr) -> None:
        self.kept.pop(key, None)

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncIterator[None]:
        async with self.locked:
            yield


def source(mint: Mint, time: FakeTime, shelf: Shelf | None = None) -> TokenSource:
    return TokenSource(mint, APP_ID, "api.github.com", time.timing(), shelf)


async def test_a_hundred_at_once_mint_one(time: FakeTime) -> None:
    mint = Mint()
    tokens = source(mint, time)
    found = await asyncio.gather(*(tokens.token(SCOPE) for _ in range(100)))
    assert {token.get_secret_value() for token in found} == {"m1"}
    assert len(mint.bodies) == 1


async def test_processes_that_share_mint_one(time: FakeTime) -> None:
    mint, shelf = Mint(), Shelf()
    sources = [source(mint, time, shelf) for _ in range(20)]
    found = await asyncio.gather(*(tokens.token(SCOPE) for tokens in sources))
    assert {token.get_secret_value() for token in found} == {"m1"}
    assert len(mint.bodies) == 1


async def test_a_token_is_replaced_five_minutes_before_its_end(time: FakeTime) -> None:
    tokens = source(Mint(), time)
    await tokens.token(SCOPE)
    time.at += 3299
    assert (await tokens.token(SCOPE)).get_secret_value() == "m1"
    time.at += 1
    assert (await tokens.token(SCOPE)).get_secret_value() == "m2"


async def test_only_what_the_job_needs_is_asked_for(time: FakeTime) -> None:
    mint = Mint()
    await source(mint, time).token(TokenScope(INSTALLATION, REPOSITORY, READ))
    assert mint.bodies == [
        {"permissions": {"contents": "read", "metadata": "read"}, "repository_ids": [REPOSITORY]}
    ]


async def test_a_late_refusal_of_an_old_token_does_not_cost_the_new_one(time: FakeTime) -> None:
    tokens = source(Mint(), time)
    old = await tokens.token(SCOPE)
    await tokens.invalidate(SCOPE, old)
    assert (await tokens.token(SCOPE)).get_secret_value() == "m2"
    await tokens.invalidate(SCOPE, old)
    assert (await tokens.token(SCOPE)).get_secret_value() == "m2"


async def test_a_refused_token_leaves_the_shared_cache(time: FakeTime) -> None:
    shelf = Shelf()
    tokens = source(Mint(), time, shelf)
    await tokens.invalidate(SCOPE, await tokens.token(SCOPE))
    assert shelf.kept == {}


def test_the_order_of_permissions_makes_no_other_token() -> None:
    turned = TokenScope(INSTALLATION, REPOSITORY, tuple(reversed(REVIEW)))
    assert turned.key("h", 1) == SCOPE.key("h", 1)


@pytest.mark.parametrize(
    "other",
    [
        TokenScope(8, REPOSITORY, REVIEW),
        TokenScope(INSTALLATION, 43, REVIEW),
        TokenScope(INSTALLATION, None, REVIEW),
        TokenScope(INSTALLATION, REPOSITORY, READ),
    ],
)
def test_another_scope_has_another_key(other: TokenScope) -> None:
    assert other.key("h", 1) != SCOPE.key("h", 1)


def test_hosts_and_apps_do_not_share_keys() -> None:
    assert len({SCOPE.key(host, app) for host in ("api.github.com", "ghe.example") for app in (1, 2)}) == 4


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-15T09:00:00Z",
        "2027-01-15T09:00:00.5Z",
        "2027-01-15T09:00:00.123456789Z",
        "2027-01-15T10:00:00+01:00",
        "2027-01-15T09:00:00",
    ],
)
def test_every_form_of_a_time_is_read(text: str) -> None:
    assert expiry(text, 0.0) == pytest.approx(1_800_003_600, abs=1)


@pytest.mark.parametrize("text", ["", "soon"])
def test_an_unreadable_end_is_near(text: str) -> None:
    assert expiry(text, 100.0) == 1000.0


def test_secrets_are_not_in_reprs() -> None:
    shown = repr(AppIdentity(1, "c", SecretStr("pem-secret"))) + repr(
        StoredToken(SecretStr("tok-secret"), 1.0)
    )
    assert "secret" not in shown


async def test_a_permission_that_was_not_granted_is_named(time: FakeTime) -> None:
    class Refusing(Mint):
        async def mint(self, installation_id: int, body: dict[str, Any]) -> Any:
            raise UnprocessableError("The permissions requested are not granted.", errors=())

    with pytest.raises(PermissionMissingError, match="checks=write"):
        await source(Refusing(), time).token(SCOPE)


@pytest.mark.parametrize(("status", "kind"), [(403, TransientError), (404, NotFoundError)])
async def test_a_suspended_installation_may_come_back_and_a_removed_one_does_not(
    status: int, kind: type[Exception], github: Scripted, client: InstallationClient
) -> None:
    github.on(
        f"POST /app/installations/{INSTALLATION}/access_tokens",
        error(status, "This installation has been suspended"),
    )
    with pytest.raises(kind, match="suspended"):
        await client.get("/thing")


async def test_a_token_that_ends_during_a_run_is_replaced_before_the_next_call(
    github: Scripted, time: FakeTime
) -> None:
    github.on("GET /thing", {})
    async with speaking_to(github, time) as clients:
        client = of(clients)
        await client.get("/thing")
        time.at += 7200
        await client.get("/thing")
    assert [seen.headers["authorization"] for seen in github.seen] == ["Bearer t1", "Bearer t2"]
