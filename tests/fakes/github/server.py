"""FakeGitHub: a strict, stateful GitHub over HTTP, with real git behind its repositories."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.routing import Route, Router

from tests.fakes.github.app import FakeApp
from tests.fakes.github.application import Application
from tests.fakes.github.contents import Codeload
from tests.fakes.github.faults import Faults
from tests.fakes.github.humans import Humans
from tests.fakes.github.limits import Limits
from tests.fakes.github.records import Records
from tests.fakes.github.routes import all_routes
from tests.fakes.github.webhooks import TIMEOUT_S, Delivery, Sender
from tests.fakes.github.world import World
from tests.fakes.listener import NO_TLS, listening


class FakeGitHub(Humans, Records):
    """What tests and the demo hold: it plays the humans, and shows what the app did."""

    def __init__(self, world: World, sender: Sender, folder: Path) -> None:
        super().__init__(world, folder)
        self._sender = sender

    @classmethod
    @asynccontextmanager
    async def serve(
        cls,
        app: FakeApp | None = None,
        *,
        clock: Callable[[], float] = time.time,
        latency_s: float = 0.0,
        strict_schemas: bool = False,
        limits: Limits | None = None,
    ) -> AsyncIterator[FakeGitHub]:
        """Listen on loopback in the running loop; on exit, raise what went wrong inside the fake itself."""
        world = World(app or FakeApp(), clock, limits or Limits())
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fake-github-")))
            client = await stack.enter_async_context(
                httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False, verify=NO_TLS)
            )
            sender = Sender(world, client)
            world.emit = sender.emit
            api = Application(world, all_routes(sender), latency_s=latency_s, strict_schemas=strict_schemas)
            archive = Router([Route("/{path:path}", Codeload(world).serve)])
            world.url = await stack.enter_async_context(listening(api))
            world.codeload_url = await stack.enter_async_context(listening(archive))
            runner = asyncio.create_task(sender.run())
            stack.push_async_callback(sender.stop, runner)
            yield cls(world, sender, folder)
        if world.bugs:
            raise ExceptionGroup("the fake GitHub failed itself", world.bugs)

    @property
    def url(self) -> str:
        """Base of the API, without a slash at its end."""
        return self.world.url

    @property
    def app(self) -> FakeApp:
        """The registered app."""
        return self.world.app

    @property
    def webhook_target(self) -> str | None:
        """Where webhooks go; None: nowhere."""
        return self._sender.target

    @webhook_target.setter
    def webhook_target(self, url: str | None) -> None:
        self._sender.target = url

    @property
    def faults(self) -> Faults:
        """The fault plan."""
        return self.world.faults

    @property
    def limits(self) -> Limits:
        """The rate limits."""
        return self.world.limits

    async def deliver(self, event: str, action: str, payload: dict[str, Any], *, guid: str = "") -> Delivery:
        """Send a payload of one's own making, signed; the finished delivery."""
        return await self._sender.deliver(event, action, payload, guid=guid)

    async def delivered(self) -> None:
        """Wait until all webhooks so far were sent."""
        await self._sender.drain()

    @property
    def deliveries(self) -> list[Delivery]:
        """All attempts, oldest first."""
        return self._sender.log
