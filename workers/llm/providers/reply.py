"""An answer that was read to its end, or as far as it came: it can be played to an SDK as if it came just now."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import httpx2

from workers.llm.providers.amending import amended

OK = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, as it came, and what ended it early."""

    status: int = 0
    headers: Sequence[tuple[bytes, bytes]] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    error: Exception | None = None

    async def play(self, request: httpx2.Request) -> httpx2.Response:
        """The same once more, for `request`, put right where SDKs trust it."""
        if self.error is not None and not self.status:
            raise self.error
        return httpx2.Response(self.status, headers=self.headers, stream=_Played(self), request=request)

    def amended(self) -> bytes:
        """The body as SDKs may read it."""
        kind = httpx2.Headers(self.headers).get("content-type", "")
        return amended(self.body) if self.error is None and is_document(self.status, kind) else self.body


class _Played(httpx2.AsyncByteStream):
    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._reply.amended()
        if self._reply.error is not None:
            raise self._reply.error


def is_document(status: int, content_type: str) -> bool:
    """Whether it is an answer of one piece."""
    return status == OK and content_type.startswith("application/json")
