"""One path of the interface: guarded, read within limits, answered as its shape says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.admin.asking import asked
from bot.admin.desk import Desk
from bot.admin.guard import Guard
from bot.admin.problem import HEADERS, ProblemError, invalid
from bot.admin.shape import Nothing, Shape
from workers.domain.errors import TransientError, UserError

log = structlog.get_logger()

ANSWER_TIMEOUT_S = 15.0
RETRY_AFTER_S = 10


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row of the registry. `asks` is filled from path and query on GET, from the body on POST, and handed to `act`.

    `refuses` are the statuses of problems beside those that any request may meet.
    """

    method: str
    path: str
    summary: str
    act: Callable[[Desk, Any], Awaitable[BaseModel]]
    answer: type[BaseModel]
    asks: type[Shape] = Nothing
    refuses: tuple[int, ...] = ()


class Door:
    """The ASGI application behind one endpoint's path."""

    def __init__(self, endpoint: Endpoint, desk: Desk, guard: Guard) -> None:
        self._endpoint = endpoint
        self._desk = desk
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a bug is the application's to tell."""
        request = Request(scope, receive)
        try:
            address = request.client.host if request.client else ""
            self._guard.admit(address, dict(scope["headers"]))
            answer = await self._answer(request)
        except ProblemError as refusal:
            answer = refusal.answer()
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                found = await self._endpoint.act(self._desk, await asked(request, self._endpoint.asks))
        except ValidationError as error:
            raise invalid(error) from None
        except UserError as error:
            raise ProblemError(400, str(error)) from None
        except (TransientError, TimeoutError) as error:
            log.warning("the operator's question has no answer", path=self._endpoint.path, why=str(error))
            retry = {"retry-after": str(RETRY_AFTER_S)}
            raise ProblemError(503, "The database is unavailable; try again.", headers=retry) from None
        return JSONResponse(found.model_dump(mode="json"), headers=HEADERS)
