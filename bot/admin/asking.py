"""Reading what is asked: path and query of a GET, the JSON body of a POST, within limits."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

from bot.admin.problem import Mistake, ProblemError
from bot.admin.shape import Shape

S = TypeVar("S", bound=Shape)

BODY_MAX_BYTES = 64 * 1024
BODY_TIMEOUT_S = 5.0
CLOSE = {"connection": "close"}


async def asked(request: Request, shape: type[S]) -> S:
    """The request as `shape`; raises ProblemError, or ValidationError for fields that don't fit."""
    if request.method in {"GET", "HEAD"}:
        return shape.model_validate(_query(request) | request.path_params)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(415, "Send JSON: `Content-Type: application/json`.", headers=CLOSE)
    return shape.model_validate_json(await _body(request))


def _query(request: Request) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if twice:
        mistakes = [Mistake(where=name, what="Given more than once.") for name in twice]
        raise ProblemError(400, "Each parameter may be given once.", mistakes)
    return dict(pairs)


async def _body(request: Request) -> bytes:
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > BODY_MAX_BYTES:
        raise _too_large()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            return await _collect(request)
    except TimeoutError:
        message = f"The body did not arrive within {BODY_TIMEOUT_S:g} s."
        raise ProblemError(408, message, headers=CLOSE) from None
    except ClientDisconnect:
        raise ProblemError(400, "The body ended early.", headers=CLOSE) from None


async def _collect(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MAX_BYTES:
            raise _too_large()
    return bytes(body)


def _too_large() -> ProblemError:
    """The connection stays: one that is closed on a client that still sends shows it a reset, and not this answer."""
    return ProblemError(413, f"The body is larger than {BODY_MAX_BYTES:,} bytes.")
