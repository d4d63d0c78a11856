"""One POST to an address that is a secret: bounded in time, not redirected, told of without the address."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx

from workers.notify.notice import NotSentError

TIMEOUT_S = 10.0
"""For each step."""
WHOLE_TIMEOUT_S = 20.0
RETRYABLE = frozenset({408, 425, 429})


def open_client() -> httpx.AsyncClient:
    """A client for `post`; proxies come from the environment, redirects are not followed."""
    return httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False)


async def post(client: httpx.AsyncClient, url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Send `body` as JSON; raises NotSentError unless it is taken."""
    json = {"content-type": "application/json", "user-agent": "quorum"}
    try:
        async with (
            asyncio.timeout(WHOLE_TIMEOUT_S),
            client.stream("POST", url, content=body, headers=json | dict(headers)) as answer,
        ):
            status = answer.status_code  # the rest is not worth reading
    except TimeoutError:
        raise NotSentError("the receiver did not answer in time", retryable=True) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        # the name alone: messages of httpx may hold the URL
        message = f"the receiver can't be reached ({type(error).__name__})"
        raise NotSentError(message, retryable=isinstance(error, httpx.TransportError)) from None
    if not 200 <= status < 300:
        raise NotSentError(f"the receiver answered {status}", retryable=status in RETRYABLE or status >= 500)
