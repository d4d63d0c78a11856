"""Clients of installations: a cheap value over the installation's one connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from config.settings import Settings
from workers.domain.pace import UNPACED, Pace
from workers.github.app import AppClient, BotIdentity
from workers.github.connections import Connections
from workers.github.doors import open_door
from workers.github.known_files import KnownFiles
from workers.github.pacing import LocalPacing, Pacing
from workers.github.permissions import Permissions
from workers.github.rest import RestClient
from workers.github.retry import RetryPolicy
from workers.github.signing import Derive
from workers.github.timing import Timing
from workers.github.tokens import InstallationCredentials, TokenCache, TokenScope, TokenSource
from workers.github.wire import tls_context


class InstallationClient(RestClient):
    """Calls in the name of an installation, with the rights of one scope."""


class Clients:
    """Hands out clients; `app` speaks as the App itself, `identity` knows its bot user, `derive` its secrets."""

    def __init__(
        self,
        connections: Connections,
        app: AppClient,
        tokens: TokenSource,
        timing: Timing,
        policy: RetryPolicy | None,
        derive: Derive,
    ) -> None:
        self.app = app
        self.derive = derive
        self.identity = BotIdentity(app)
        self._connections = connections
        self._tokens = tokens
        self._timing = timing
        self._policy = policy
        self._known = KnownFiles()

    def client(
        self, installation_id: int, repository_id: int | None, permissions: Permissions
    ) -> InstallationClient:
        """A client for one repository (None: all of the installation's) and no more than `permissions`."""
        scope = TokenScope(installation_id, repository_id, permissions)
        credentials = InstallationCredentials(self._tokens, scope)
        return InstallationClient(
            self._connections, str(installation_id), credentials, self._timing, self._policy, self._known
        )


@asynccontextmanager
async def open_clients(
    settings: Settings,
    shared: TokenCache | None = None,
    *,
    timing: Timing | None = None,
    policy: RetryPolicy | None = None,
    pacing: Pacing | None = None,
    app_pacing: Pacing | None = None,
    open_max: int = 200,
) -> AsyncIterator[Clients]:
    """The process's clients, closed at the end. No request is made before the first call."""
    timing = timing or Timing()
    pacing = pacing or LocalPacing(Pace(), timing.now)
    app_pacing = app_pacing or LocalPacing(UNPACED, timing.now)
    url, tls = settings.github_api_url, tls_context()
    connections = Connections(url, timing, pacing=pacing, open_max=open_max, tls=tls)
    async with open_door(settings, timing, policy, tls, app_pacing) as door:
        tokens = TokenSource(door.app, settings.app_id, urlsplit(url).netloc, timing, shared)
        try:
            yield Clients(connections, door.app, tokens, timing, policy, door.derive)
        finally:
            await connections.aclose()
