"""A receiver of webhooks, and a client to reach it with."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.workers.notify.hooks import Hook, hooked


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with hooked() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as one:
        yield one
