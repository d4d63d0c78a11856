"""What checks look at: settings, environment, GitHub as the App and as anybody, and the time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from config.settings import Settings
from workers.github.client import open_clients
from workers.github.rest import RestClient
from workers.github.retry import RetryPolicy
from workers.github.timing import Timing
from workers.github.wire import USER_AGENT, tls_context

REQUEST_TIMEOUT_S = 5.0
PATIENCE = RetryPolicy(retries_max=1, wait_max_s=2.0)


@dataclass(frozen=True, slots=True)
class Patient:
    """`app` speaks as the App, `anybody` without credentials; `now` is this machine's clock in epoch seconds."""

    settings: Settings
    environ: Mapping[str, str] = field(repr=False)
    app: RestClient
    anybody: httpx.AsyncClient
    now: Callable[[], float]


@asynccontextmanager
async def open_patient(
    settings: Settings, environ: Mapping[str, str], now: Callable[[], float]
) -> AsyncIterator[Patient]:
    """Connections are made when a check first asks; closed at the end."""
    timing = Timing(now)
    anybody = httpx.AsyncClient(
        timeout=REQUEST_TIMEOUT_S, trust_env=False, verify=tls_context(), headers={"user-agent": USER_AGENT}
    )
    async with anybody, open_clients(settings, timing=timing, policy=PATIENCE) as clients:
        yield Patient(settings, environ, clients.app, anybody, now)
