"""An HTTP transport over aiohttp, whose parser is compiled: a request takes half of httpcore's processor time or less."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class Envelope:
    """All of a request but its body, in aiohttp's words: made once, it is sent many times."""

    method: str
    url: URL = field(repr=False)
    headers: CIMultiDict[str] = field(repr=False)
    timeout: aiohttp.ClientTimeout


def envelope_of(request: httpx2.Request) -> Envelope:
    """What of `request` is not its body."""
    return Envelope(request.method, URL(str(request.url), encoded=True), _headers(request), _timeout(request))


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
        response = await self.post(envelope_of(request), await request.aread())
        return httpx2.Response(
            response.status,
            headers=response.raw_headers,
            stream=_Body(response),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": (response.reason or "").encode()},
        )

    async def post(self, envelope: Envelope, body: bytes) -> aiohttp.ClientResponse:
        """The answer's beginning; its `content` has the rest, for who is `done_with` it then. Raises httpx2's errors."""
        with told():
            return await self._opened().request(
                envelope.method,
                envelope.url,
                headers=envelope.headers,
                data=body or None,
                allow_redirects=False,
                timeout=envelope.timeout,
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
        with told():
            async for chunk in self._response.content.iter_any():
                yield chunk

    async def aclose(self) -> None:
        done_with(self._response)


def done_with(response: aiohttp.ClientResponse) -> None:
    """A connection with something left on it is not used again."""
    if response.content.at_eof():
        response.release()
    else:
        response.close()


def _headers(request: httpx2.Request) -> CIMultiDict[str]:
    return CIMultiDict((name.decode("ascii"), value.decode("ascii")) for name, value in request.headers.raw)


def _timeout(request: httpx2.Request) -> aiohttp.ClientTimeout:
    asked = request.extensions.get("timeout", {})
    return aiohttp.ClientTimeout(
        connect=asked.get("pool"), sock_connect=asked.get("connect"), sock_read=asked.get("read")
    )


@contextmanager
def told() -> Iterator[None]:
    """aiohttp's errors as httpx2's, which the SDKs know."""
    try:
        yield
    except (aiohttp.ClientError, OSError) as error:
        told = next((ours for theirs, ours in _TOLD if isinstance(error, theirs)), httpx2.ReadError)
        raise told(str(error)) from error
