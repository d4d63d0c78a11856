"""An HTTP transport that stops reading an answer that does not end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

import aiohttp
import httpx2

from workers.llm.providers.amending import amended
from workers.llm.providers.errors import FAILURES
from workers.llm.providers.reply import Reply, is_document
from workers.llm.providers.transport import AiohttpTransport, Envelope, done_with, envelope_of, told

# The SDKs take these from the environment, for any endpoint; the settings don't name them.
UNWANTED_HEADERS = ("openai-organization", "openai-project")
COMPRESSED = "the answer is compressed, though that was not asked for"
TOO_LONG = "the answer is longer than {} bytes"


class BoundedTransport(httpx2.AsyncBaseTransport):
    """Hands requests to `inner`. A body beyond `body_max_bytes` is a ReadError.

    So is a compressed one, which is not asked for: it could unpack to any size. A connection is waited for at most
    `connect_timeout_s`, whatever time the SDK gives the whole request.
    """

    def __init__(self, inner: AiohttpTransport, body_max_bytes: int, connect_timeout_s: float) -> None:
        self._inner = inner
        self._body_max_bytes = body_max_bytes
        self._connect_timeout_s = connect_timeout_s

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send `request`; the answer's body is counted while it is read."""
        self._prepare(request)
        response = await self._inner.handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise httpx2.ReadError(COMPRESSED)
        stream = _BoundedStream(cast("httpx2.AsyncByteStream", response.stream), self._body_max_bytes)
        document = is_document(response.status_code, response.headers.get("content-type", ""))
        response.stream = _AmendedStream(stream) if document else stream
        return response

    def envelope(self, request: httpx2.Request) -> Envelope:
        """`request` as it is sent by `post`, whose caller ends it in time; its body is left out."""
        self._prepare(request)
        return replace(
            envelope_of(request), timeout=aiohttp.ClientTimeout(sock_connect=self._connect_timeout_s)
        )

    async def post(self, envelope: Envelope, body: bytes) -> Reply:
        """The answer as far as it came, as it came, and what ended it early."""
        try:
            response = await self._inner.post(envelope, body)
        except FAILURES as error:
            return Reply(error=error)
        if response.headers.get("content-encoding", "identity") != "identity":
            response.close()
            return Reply(error=httpx2.ReadError(COMPRESSED))
        read = bytearray()
        ended = await self._read(response, read)
        return Reply(response.status, response.raw_headers, bytes(read), ended)

    async def _read(self, response: aiohttp.ClientResponse, read: bytearray) -> Exception | None:
        """Read the body into `read`; what ended it early, if anything."""
        try:
            with told():
                while chunk := await response.content.readany():
                    read += chunk
                    if len(read) > self._body_max_bytes:
                        return httpx2.ReadError(TOO_LONG.format(self._body_max_bytes))
        except FAILURES as error:
            return error
        finally:
            done_with(response)
        return None

    def _prepare(self, request: httpx2.Request) -> None:
        request.headers["accept-encoding"] = "identity"
        for name in UNWANTED_HEADERS:
            request.headers.pop(name, None)
        timeout = dict(request.extensions.get("timeout", {}))
        asked_s = timeout.get("connect")
        timeout["connect"] = min(asked_s or self._connect_timeout_s, self._connect_timeout_s)
        request.extensions = {**request.extensions, "timeout": timeout}

    async def aclose(self) -> None:
        """Close `inner`."""
        await self._inner.aclose()


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, max_bytes: int) -> None:
        self._inner = inner
        self._max_bytes = max_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read_bytes = 0
        async for chunk in self._inner:
            read_bytes += len(chunk)
            if read_bytes > self._max_bytes:
                raise httpx2.ReadError(TOO_LONG.format(self._max_bytes))
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


class _AmendedStream(httpx2.AsyncByteStream):
    """The whole document at once, as `amended` has it."""

    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield amended(b"".join([chunk async for chunk in self._inner]))

    async def aclose(self) -> None:
        await self._inner.aclose()
