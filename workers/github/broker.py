"""The broker's application: it speaks as the App for those who don't hold the key. No path hands out a JWT.

Who has a JWT may mint a token for everything that the App may do; so calls are made here, and tokens narrowed here.
"""

from __future__ import annotations

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workers.github.broker_rate import Bucket
from workers.github.broker_rules import (
    BODY_MAX_BYTES,
    DERIVED,
    BrokerRefusalError,
    checked_params,
    is_called,
    mint_of,
)
from workers.github.broker_upstream import Answer, Upstream
from workers.github.brokering import BROKER_URL
from workers.github.signing import Derive

log = structlog.get_logger()

PATH_MAX_CHARS = 200
"""Of a refused path, in the log."""


class Broker:
    """Answers what a client of the App's API asks, within the rules; `app` names the App that it speaks for."""

    def __init__(self, app: str, upstream: Upstream, derive: Derive, bucket: Bucket) -> None:
        self._app = app
        self._upstream = upstream
        self._derive = derive
        self._bucket = bucket

    async def alive(self, _: Request) -> Response:
        """Which App's broker this is."""
        return JSONResponse({"app": self._app})

    async def secret(self, request: Request) -> Response:
        """A derived secret, for purposes of the list alone."""
        purpose = request.path_params["purpose"]
        if purpose not in DERIVED:
            raise BrokerRefusalError(404, "The broker has no secret for that.")
        return JSONResponse({"secret": (await self._derive(purpose)).hex()})

    async def forward(self, request: Request) -> Response:
        """Make a call as the App, or mint a token, if the rules have it."""
        if not self._bucket.take():
            return JSONResponse({"message": "Too many calls."}, 429, {"retry-after": "1"})
        answer = await self._answered(request)
        headers = {name: value for name, value in answer.headers.items() if name != "link"}
        if link := answer.headers.get("link"):  # pages go on through us
            headers["link"] = link.replace(f"<{self._upstream.base_url}/", f"<{BROKER_URL}/")
        return Response(answer.body, answer.status, headers)

    async def _answered(self, request: Request) -> Answer:
        method, path = request.method, request.scope["path"]
        if is_called(method, path):
            params = checked_params(request.query_params.multi_items())
            answer = await self._upstream.send(method, path, params)
            log.info("asked as the App", call=f"{method} {path}", status=answer.status)
            return answer
        mint = mint_of(path, await _body(request)) if method == "POST" else None
        if mint is None:
            raise BrokerRefusalError(403, "The broker does not make this call.")
        answer = await self._upstream.send("POST", path, {}, mint.wish.model_dump(exclude_none=True))
        log.info(
            "token",
            purpose=mint.purpose,
            installation_id=mint.installation_id,
            repository_ids=mint.wish.repository_ids,
            status=answer.status,
        )
        return answer


def create_broker(broker: Broker) -> Starlette:
    """The application over `broker`."""
    app = Starlette(
        routes=[
            Route("/broker", broker.alive, methods=["GET"]),
            Route("/broker/secrets/{purpose}", broker.secret, methods=["GET"]),
            Route("/app", broker.forward, methods=["GET"]),
            Route("/app/{rest:path}", broker.forward, methods=["GET", "POST"]),
        ],
        exception_handlers={
            BrokerRefusalError: _on_refusal,
            HTTPException: _on_http_error,
            Exception: _on_bug,
        },
    )
    app.router.redirect_slashes = False
    return app


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_MAX_BYTES:
                raise BrokerRefusalError(413, f"The broker reads {BODY_MAX_BYTES} bytes at most.")
    except ClientDisconnect:
        raise BrokerRefusalError(400, "The request broke off.") from None
    return bytes(body)


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, BrokerRefusalError)  # noqa: S101 - starlette calls this for no other error
    log.warning("refused", method=request.method, path=request.scope["path"][:PATH_MAX_CHARS], why=str(error))
    return JSONResponse({"message": str(error)}, error.status)


async def _on_http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - starlette calls this for no other error
    return JSONResponse({"message": error.detail}, error.status_code, error.headers)


async def _on_bug(request: Request, error: Exception) -> Response:
    log.error("request failed", method=request.method, exc_info=error)
    return JSONResponse({"message": "The broker failed."}, 500)
