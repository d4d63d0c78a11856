"""Speaks to the fake GitHub as an app does: with a JWT, or with an installation token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.github import FakeGitHub, Repository
from tests.fakes.listener import NO_TLS


def app_jwt(github: FakeGitHub, **claims: Any) -> str:
    """A JWT that the fake accepts, unless `claims` say otherwise."""
    now = int(github.world.clock())
    payload = {"iat": now - 60, "exp": now + 540, "iss": github.app.client_id} | claims
    return jwt.encode(payload, _signing_key(github.app.private_key), algorithm="RS256")


@cache
def _signing_key(private_key: str) -> rsa.RSAPrivateKey:
    """Kept, because reading a private key takes long."""
    key = serialization.load_pem_private_key(private_key.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@asynccontextmanager
async def app_client(github: FakeGitHub) -> AsyncIterator[httpx.AsyncClient]:
    """A client that authenticates as the app."""
    headers = {"authorization": f"Bearer {app_jwt(github)}"}
    async with httpx.AsyncClient(
        base_url=github.url, headers=headers, trust_env=False, verify=NO_TLS
    ) as client:
        yield client


async def mint(github: FakeGitHub, repository: Repository, **permissions: str) -> httpx.Response:
    """Ask for a token of one repository; without permissions: all that were granted."""
    body: dict[str, Any] = {"repository_ids": [repository.id]}
    if permissions:
        body["permissions"] = permissions
    async with app_client(github) as client:
        return await client.post(f"/app/installations/{repository.installation_id}/access_tokens", json=body)


@asynccontextmanager
async def installation_client(
    github: FakeGitHub, repository: Repository, **permissions: str
) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a token of one repository, whose base is that repository's URL."""
    token = (await mint(github, repository, **permissions)).json()["token"]
    base = f"{github.url}/repos/{repository.full_name}/"
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False, verify=NO_TLS) as client:
        yield client
