"""How the bytes of an answer go out: at once, drop by drop, or not to their end."""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.fakes.models.answers import Cut, Drip

Manner = Drip | Cut | None


def deliver(body: bytes, media_type: str, manner: Drip | Cut) -> Response:
    """A response that sends `body` in that manner."""
    return (
        _Dripping(body, media_type, manner)
        if isinstance(manner, Drip)
        else _Cutting(body, media_type, manner)
    )


class _Dripping(Response):
    """Small pieces with pauses, until the client has enough."""

    def __init__(self, body: bytes, media_type: str, manner: Drip) -> None:
        super().__init__(body, media_type=media_type)
        self.manner = manner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_gone(receive))
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            for start in range(0, len(self.body), self.manner.piece_bytes):
                piece = bytes(self.body[start : start + self.manner.piece_bytes])
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                if (await asyncio.wait([gone], timeout=self.manner.pause_s))[0]:
                    return
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()


class _Cutting(Response):
    """The length of the whole, and a part of it."""

    def __init__(self, body: bytes, media_type: str, manner: Cut) -> None:
        super().__init__(body, media_type=media_type)
        self.manner = manner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        piece = bytes(self.body[: min(self.manner.after_bytes, len(self.body) - 1)])
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        scope["state"]["transport"].close()  # after what was written has gone out
        await _gone(receive)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
