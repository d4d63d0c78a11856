"""The map of the web process: which path leads where."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.handlers.handler import Rules
from bot.handlers.registry import HANDLERS
from bot.health import Health
from bot.metrics import Metrics
from bot.webhook.body import BodyReader
from bot.webhook.reading import Reader
from bot.webhook.receiver import Webhook
from bot.webhook.wake import Wake
from config.settings import Settings
from workers.storage.intake import Intake

log = structlog.get_logger()


def create_app(
    settings: Settings,
    intake: Intake,
    kick: Callable[[], Awaitable[None]],
    health: Health,
    metrics: Metrics,
    routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """The web application; `intake` and `kick` stay the caller's to close, after the application has stopped.

    `routes` are what is served beside: the operator's interface, where there is one.

    There are no sessions and no cookies here: the webhook shares nothing with a browser.
    """
    wake = Wake(kick)
    webhook = Webhook(
        settings.webhook_secrets(),
        BodyReader(settings.payload_max_bytes, settings.receive_timeout_s),
        Reader(HANDLERS, Rules(settings.app_id, settings.debounce_s, settings.app_slug)),
        intake,
        wake,
        metrics,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await intake.close()
        await wake.close()

    app = Starlette(
        routes=[
            Route("/webhook", webhook, methods=["POST"]),
            Route("/livez", health.livez),
            Route("/readyz", health.readyz),
            Route("/metrics", metrics.page),
            *routes,
        ],
        exception_handlers={HTTPException: _on_http_error, Exception: _on_bug},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # it would send clients wherever their Host header says
    return app


async def _on_http_error(_: Request, error: Exception) -> Response:
    """No such path or method, as JSON."""
    assert isinstance(error, HTTPException)  # noqa: S101 - starlette calls this for no other error
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


async def _on_bug(request: Request, error: Exception) -> Response:
    """A bug: its place is logged, nothing of the request's content is, and the sender learns nothing."""
    log.error("request failed", path=request.url.path, exc_info=error)
    return JSONResponse({"error": "Internal error."}, 500)
