"""Clients of installations: a cheap value over the installation's one connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from config.settings import Settings
from workers.domain.pace import Pace
from workers.github.app import AppClient, AppCredentials, BotIdentity
from workers.github.connections import Connections, tls_context
from workers.github.pacing import LocalPacing, Pacing
from workers.github.permissions import Permissions
from workers.github.rest import RestClient
from workers.github.retry import RetryPolicy
from workers.github.timing import Timing
from workers.github.tokens import AppIdentity, InstallationCredentials, TokenCache, TokenScope, TokenSource

UNPACED = Pace(interval_s=0.0)


class InstallationClient(RestClient):
    """Calls in the name of an installation, with the rights of one scope."""


class Clients:
    """Hands out clients; `app` speaks as the App itself, `identity` knows its bot user."""

    def __init__(
        self,
        connections: Connections,
        app: AppClient,
        tokens: TokenSource,
        timing: Timing,
        policy: RetryPolicy | None = None,
    ) -> None:
        self.app = app
        self.identity = BotIdentity(app)
        self._connections = connections
        self._tokens = tokens
        self._timing = timing
        self._policy = policy

    def client(
        self, installation_id: int, repository_id: int | None, permissions: Permissions
    ) -> InstallationClient:
        """A client for one repository (None: all of the installation's) and no more than `permissions`."""
        scope = TokenScope(installation_id, repository_id, permissions)
        credentials = InstallationCredentials(self._tokens, scope)
        return InstallationClient(
            self._connections, str(installation_id), credentials, self._timing, self._policy
        )


@asynccontextmanager
async def open_clients(
    settings: Settings,
    shared: TokenCache | None = None,
    *,
    timing: Timing | None = None,
    policy: RetryPolicy | None = None,
    pacing: Pacing | None = None,
    open_max: int = 200,
) -> AsyncIterator[Clients]:
    """The process's clients, closed at the end. No request is made before the first call."""
    timing = timing or Timing()
    pacing = pacing or LocalPacing(Pace(), timing.now)
    identity = AppIdentity(settings.app_id, settings.client_id, settings.private_key)
    url, tls = settings.github_api_url, tls_context()
    connections = Connections(url, timing, pacing=pacing, open_max=open_max, tls=tls)
    # the App's own calls are no content: they keep no pace
    app_connections = Connections(url, timing, pacing=LocalPacing(UNPACED, timing.now), tls=tls)
    app = AppClient(app_connections, "app", AppCredentials(identity, timing), timing, policy)
    tokens = TokenSource(app, identity, urlsplit(url).netloc, timing, shared)
    try:
        yield Clients(connections, app, tokens, timing, policy)
    finally:
        await connections.aclose()
        await app_connections.aclose()
