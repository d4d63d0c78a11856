"""An HTTP transport over aiohttp, whose parser is compiled: a request takes half of httpcore's processor time or less."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import aiohttp
import httpx2
from aiohttp.abc import ResolveResult
from multidict import CIMultiDict
from yarl import URL

KEPT_OPEN_S = 5.0
"""An idle connection is closed then: servers close theirs, and a request must not meet that."""
NOT_ADDED = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""Nothing is said in our place that the SDK has not said."""

# The first that fits is told, so special cases stand before their base. What was sent, and whether that may be billed,
# is judged by these names.
_TOLD: tuple[tuple[type[Exception] | tuple[type[Exception], ...], type[httpx2.TransportError]], ...] = (
    ((aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError), httpx2.UnsupportedProtocol),
    (aiohttp.ConnectionTimeoutError, httpx2.ConnectTimeout),
    (TimeoutError, httpx2.ReadTimeout),
    (aiohttp.ClientConnectorError, httpx2.ConnectError),
    (aiohttp.ClientResponseError, httpx2.RemoteProtocolError),
    (aiohttp.ClientPayloadError, httpx2.RemoteProtocolError),
    (aiohttp.ServerDisconnectedError, httpx2.RemoteProtocolError),
)


class AiohttpTransport(httpx2.AsyncBaseTransport):
    """At most `connections_max` connections, kept open for a while. No redirect is followed, no cookie kept, nothing
    taken from the environment, no POST sent twice. A name is looked up for `connect_timeout_s` at most.
    """

    def __init__(self, tls: ssl.SSLContext, *, connections_max: int, connect_timeout_s: float) -> None:
        self._tls = tls
        self._connections_max = connections_max
        self._connect_timeout_s = connect_timeout_s
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send `request`; the answer's body is read as it is wanted. Raises httpx2's errors."""
        body = await request.aread()
        with _told():
            response = await self._opened().request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=_headers(request),
                data=body or None,
                allow_redirects=False,
                timeout=_timeout(request),
            )
        return httpx2.Response(
            response.status,
            headers=response.raw_headers,
            stream=_Body(response),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": (response.reason or "").encode()},
        )

    async def aclose(self) -> None:
        """Close the connections, if any were opened."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _opened(self) -> aiohttp.ClientSession:
        """Made with the first request: it belongs to the loop, and models are loaded in threads."""
        if self._session is None:
            connector = aiohttp.TCPConnector(
                ssl=self._tls,
                limit=self._connections_max,
                keepalive_timeout=KEPT_OPEN_S,
                resolver=_Resolver(self._connect_timeout_s),
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=NOT_ADDED,
                auto_decompress=False,
                trust_env=False,
            )
        return self._session


class _Resolver(aiohttp.ThreadedResolver):
    """The system's, with an end."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__()
        self._timeout_s = timeout_s

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        async with asyncio.timeout(self._timeout_s):
            return await super().resolve(host, port, family)


class _Body(httpx2.AsyncByteStream):
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _told():
            async for chunk in self._response.content.iter_any():
                yield chunk

    async def aclose(self) -> None:
        """A connection with something left on it is not used again."""
        if self._response.content.at_eof():
            self._response.release()
        else:
            self._response.close()


def _headers(request: httpx2.Request) -> CIMultiDict[str]:
    return CIMultiDict((name.decode("ascii"), value.decode("ascii")) for name, value in request.headers.raw)


def _timeout(request: httpx2.Request) -> aiohttp.ClientTimeout:
    asked = request.extensions.get("timeout", {})
    return aiohttp.ClientTimeout(
        connect=asked.get("pool"), sock_connect=asked.get("connect"), sock_read=asked.get("read")
    )


@contextmanager
def _told() -> Iterator[None]:
    """aiohttp's errors as httpx2's, which the SDKs know."""
    try:
        yield
    except (aiohttp.ClientError, OSError) as error:
        told = next((ours for theirs, ours in _TOLD if isinstance(error, theirs)), httpx2.ReadError)
        raise told(str(error)) from error
