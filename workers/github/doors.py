"""How this process speaks as the App: with the private key, or through the broker, which holds it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from config.settings import Settings
from workers.github.app import AppClient
from workers.github.brokering import BROKER_URL, BrokeredSecrets, BrokerPolicy, NoCredentials
from workers.github.connections import Connections
from workers.github.pacing import Pacing
from workers.github.retry import RetryPolicy
from workers.github.signing import AppCredentials, Derive, DerivedSecrets
from workers.github.timing import Timing
from workers.github.tokens import AppIdentity

OWNER = "app"


@dataclass(frozen=True, slots=True)
class AppDoor:
    """A client for calls as the App, and the secrets that are derived from its key."""

    app: AppClient
    derive: Derive


@asynccontextmanager
async def open_door(
    settings: Settings, timing: Timing, policy: RetryPolicy | None, tls: ssl.SSLContext, pacing: Pacing
) -> AsyncIterator[AppDoor]:
    """The broker's where `settings` name its socket; closed at the end. No request is made."""
    if settings.broker_socket is None:
        connections = Connections(settings.github_api_url, timing, pacing=pacing, tls=tls)
        door = _signing(settings, connections, timing, policy)
    else:
        way = partial(_over_socket, settings.broker_socket, tls)
        connections = Connections(BROKER_URL, timing, pacing=pacing, tls=tls, open_transport=way)
        door = _asking(connections, timing, policy)
    try:
        yield door
    finally:
        await connections.aclose()


def identity_of(settings: Settings) -> AppIdentity:
    """The App of `settings`, with its key."""
    return AppIdentity(settings.app_id, settings.client_id, settings.private_key)


def _signing(
    settings: Settings, connections: Connections, timing: Timing, policy: RetryPolicy | None
) -> AppDoor:
    identity = identity_of(settings)
    app = AppClient(connections, OWNER, AppCredentials(identity, timing), timing, policy)
    return AppDoor(app, DerivedSecrets(identity).derive)


def _asking(connections: Connections, timing: Timing, policy: RetryPolicy | None) -> AppDoor:
    app = AppClient(connections, OWNER, NoCredentials(), timing, BrokerPolicy.like(policy))
    return AppDoor(app, BrokeredSecrets(app).derive)


def _over_socket(path: Path, tls: ssl.SSLContext) -> httpx.AsyncBaseTransport:
    return httpx.AsyncHTTPTransport(
        verify=tls, uds=str(path)
    )  # no TLS on a socket; httpx would make a context
