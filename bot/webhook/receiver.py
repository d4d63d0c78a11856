"""`POST /webhook`: a delivery is committed before it is acknowledged, and verified before it is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from bot.webhook.body import BodyReader
from bot.webhook.reading import Headers, Reader, Reading
from bot.webhook.refusal import RefusedError
from bot.webhook.signature import signed
from workers.domain.errors import TransientError
from workers.domain.work import Wish
from workers.storage.deliveries import Delivery

log = structlog.get_logger()

OFFLOAD_BYTES = 1024 * 1024
"""A larger body is verified and parsed in a thread, so that other deliveries need not wait."""
RETRY_AFTER_S = 30

ANSWERS = {
    outcome: JSONResponse({"outcome": outcome}, 202)
    for outcome in ("wanted", "noted", "unparsed", "ignored", "duplicate")
}


class Recorder(Protocol):
    """Where deliveries become durable."""

    async def record(self, delivery: Delivery, wishes: Sequence[Wish]) -> bool:
        """Commit both; False for a GUID that was handled before. Raises TransientError."""
        ...


class Tally(Protocol):
    """Who counts what became of deliveries."""

    def delivered(self, event: str, outcome: str) -> None:
        """A verified delivery was answered with 202."""
        ...

    def refused(self, reason: str) -> None:
        """A request was turned away."""
        ...


class Webhook:
    """The ASGI application behind the webhook's URL.

    `secrets` may each sign a delivery; without any, nothing is accepted. `wake` tells the workers that there may be
    work: it must neither block nor fail.
    """

    def __init__(
        self,
        secrets: tuple[bytes, ...],
        body: BodyReader,
        reader: Reader,
        intake: Recorder,
        wake: Callable[[], None],
        tally: Tally,
    ) -> None:
        self._secrets = secrets
        self._body = body
        self._reader = reader
        self._intake = intake
        self._wake = wake
        self._tally = tally

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one delivery."""
        try:
            answer = await self._answer(dict(scope["headers"]), receive)
        except RefusedError as refusal:
            self._tally.refused(refusal.reason)
            answer = refusal.answer
        await answer(scope, receive, send)

    async def _answer(self, headers: Headers, receive: Receive) -> JSONResponse:
        raw = await self._body.read(headers, receive)
        if len(raw) > OFFLOAD_BYTES:
            reading = await asyncio.to_thread(self._read, headers, raw)
        else:
            reading = self._read(headers, raw)
        outcome = await self._record(reading)
        self._tally.delivered(reading.event, outcome)
        return ANSWERS[outcome]

    def _read(self, headers: Headers, raw: bytes) -> Reading:
        if not signed(raw, headers.get(b"x-hub-signature-256", b""), self._secrets):
            raise RefusedError(401, "bad signature", "X-Hub-Signature-256 does not fit the body.")
        return self._reader.read(headers, raw)

    async def _record(self, reading: Reading) -> str:
        if reading.delivery is None:
            return "ignored"
        try:
            counted = await self._intake.record(reading.delivery, reading.wishes)
        except TransientError as error:
            # An error at GitHub is what brings the delivery back: it is found there and asked for again.
            log.warning("delivery not stored", guid=reading.delivery.guid, why=str(error))
            headers = {"retry-after": str(RETRY_AFTER_S)}
            raise RefusedError(503, "no database", "The database is unavailable.", headers) from error
        if not counted:
            return "duplicate"
        self._wake()
        return reading.delivery.outcome
