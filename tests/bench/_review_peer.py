"""The critical path: the bodies that a review sent, sent again by bare httpx, as many at once and in the same order."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx2

from tests.bench._review_models import Council, Request, Server, concurrency
from tests.bench._review_server import KEY

STEPS = ("plan", "review", "refute")
"""Each waits for the one before; within one, nobody waits but for a free place."""


@dataclass(frozen=True)
class Peer:
    """Asks what was asked before, and makes nothing of the answers."""

    client: httpx2.AsyncClient
    servers: Mapping[str, Server]
    requests: Sequence[Request]
    _doors: dict[str, asyncio.Semaphore] = field(default_factory=dict)

    @classmethod
    def of(cls, client: httpx2.AsyncClient, council: Council, requests: Sequence[Request]) -> Peer:
        """As many at once as the catalogue allows."""
        doors = {one.wire: asyncio.Semaphore(concurrency(one.wire)) for one in council.servers}
        return cls(client, {one.wire: one for one in council.servers}, requests, doors)

    async def ask_all(self) -> None:
        """All of it."""
        for step in STEPS:
            await asyncio.gather(*(self._ask(one) for one in self.requests if one.kind == step))

    async def _ask(self, request: Request) -> None:
        server = self.servers[request.wire]
        async with self._doors[request.wire]:
            reply = await self.client.post(
                f"{server.url}{_path(server)}", content=request.raw, headers=_headers(request.wire)
            )
            reply.raise_for_status().json()


def _path(server: Server) -> str:
    return {
        "openai": "/chat/completions",
        "anthropic": "/v1/messages",
        "google": f"/v1beta/models/{server.model}:generateContent",
    }[server.wire]


def _headers(wire: str) -> Mapping[str, str]:
    own = {
        "openai": {"authorization": f"Bearer {KEY}"},
        "anthropic": {"x-api-key": KEY, "anthropic-version": "2023-06-01"},
        "google": {"x-goog-api-key": KEY},
    }
    return {"content-type": "application/json", **own[wire]}
