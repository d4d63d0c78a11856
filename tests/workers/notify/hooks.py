"""A receiver of webhooks that answers as it is told, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fakes.listener import listening
from workers.notify.notice import Notice

NOTICE = Notice(
    "operator-0-2026-11-80",
    "80 % of the month's budget is spent",
    "Nothing stops yet. <!channel>",
    (("Spent", "$40.00"), ("Dearest <repository>", "octo/repo")),
)


@dataclass
class Hook:
    """`answers` are the statuses to come, 200 after that; `bodies` and `headers` what came."""

    answers: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    async def receive(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        self.headers.append(dict(request.headers))
        status = self.answers.pop(0) if self.answers else 200
        return Response("secret words of the receiver", status, {"location": "/elsewhere"})


@asynccontextmanager
async def hooked() -> AsyncIterator[Hook]:
    """A receiver at a path that is a secret."""
    hook = Hook()
    app = Starlette(routes=[Route("/services/T0/SECRET", hook.receive, methods=["POST"])])
    async with listening(app) as base_url:
        hook.url = f"{base_url}/services/T0/SECRET"
        yield hook
