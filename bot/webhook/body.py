"""Taking in a request body of a stranger: bounded in bytes, in time, and in what all of them hold together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.types import Receive

from bot.webhook.refusal import RefusedError

FREE_BYTES = 256 * 1024
LARGE_MAX_BYTES = 256 * 1024 * 1024


class BodyReader:
    """Reads raw bodies of at most `max_bytes` that arrive within `timeout_s`.

    The first `free_bytes` of each are always taken; what is beyond shares `large_max_bytes`, so that strangers
    with many large bodies can neither fill the memory nor shut out deliveries of the usual 25 KB.
    """

    def __init__(
        self,
        max_bytes: int,
        timeout_s: float,
        *,
        free_bytes: int = FREE_BYTES,
        large_max_bytes: int = LARGE_MAX_BYTES,
    ) -> None:
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s
        self._free_bytes = free_bytes
        self._large_max_bytes = large_max_bytes
        self._large_bytes = 0

    async def read(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        """The whole body; raises RefusedError with 413, 408, 503, or 400 for one that ends early."""
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > self._max_bytes:
            raise self._too_large()
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._collect(receive)
        except TimeoutError:
            message = f"The body did not arrive within {self._timeout_s:g} s."
            raise RefusedError(408, "too slow", message, {"connection": "close"}) from None

    async def _collect(self, receive: Receive) -> bytes:
        chunks: list[bytes] = []
        size = large = 0
        try:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RefusedError(400, "disconnected", "The body ended early.", {"connection": "close"})
                chunks.append(message["body"])
                size += len(chunks[-1])
                if size > self._max_bytes:
                    raise self._too_large()
                if not message["more_body"]:
                    return b"".join(chunks)
                large += self._reserve(size - self._free_bytes - large)
        finally:
            self._large_bytes -= large

    def _reserve(self, wanted: int) -> int:
        if wanted <= 0:
            return 0
        if self._large_bytes + wanted > self._large_max_bytes:
            headers = {"retry-after": "5", "connection": "close"}
            raise RefusedError(503, "crowded", "Too many large bodies at once; deliver again later.", headers)
        self._large_bytes += wanted
        return wanted

    def _too_large(self) -> RefusedError:
        message = f"The body is larger than {self._max_bytes} bytes."
        return RefusedError(413, "too large", message, {"connection": "close"})
