"""The pool of HTTP connections to one provider, shared by its models."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2

    from workers.llm.providers.staging import StagedTransport

CONNECT_TIMEOUT_S = 10.0
CONNECTIONS_MAX = 100
BODY_MAX_BYTES = 4 * 1024 * 1024


class Connections:
    """One HTTP client, made when it is first wanted.

    No proxy or certificate settings come from the environment, and no redirect is followed: it would carry the key
    elsewhere.
    """

    def __init__(self, body_max_bytes: int = BODY_MAX_BYTES) -> None:
        self._body_max_bytes = body_max_bytes
        self._client: httpx2.AsyncClient | None = None
        self._transport: StagedTransport | None = None
        self._opening = Lock()  # models load in threads

    def client(self) -> httpx2.AsyncClient:
        """The client; the same one each time until it is closed."""
        with self._opening:
            if self._client is None:
                self._client = _open(self.transport())
            return self._client

    def transport(self) -> StagedTransport:
        """What the client sends by."""
        if self._transport is None:
            self._transport = _transport(self._body_max_bytes)
        return self._transport

    async def close(self) -> None:
        """Close the connections, if any were opened."""
        client, self._client, self._transport = self._client, None, None
        if client is not None:
            await client.aclose()


def _transport(body_max_bytes: int) -> StagedTransport:
    import httpx2

    from workers.llm.providers.bounded import BoundedTransport
    from workers.llm.providers.staging import StagedTransport
    from workers.llm.providers.transport import AiohttpTransport

    inner = AiohttpTransport(
        httpx2.create_ssl_context(trust_env=False),
        connections_max=CONNECTIONS_MAX,
        connect_timeout_s=CONNECT_TIMEOUT_S,
    )
    return StagedTransport(BoundedTransport(inner, body_max_bytes, CONNECT_TIMEOUT_S))


def _open(transport: StagedTransport) -> httpx2.AsyncClient:
    import httpx2

    return httpx2.AsyncClient(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(None, connect=CONNECT_TIMEOUT_S),
    )
