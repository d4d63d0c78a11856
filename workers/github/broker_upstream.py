"""The broker's way to GitHub: one request as the App, one bounded answer. Who asked decides whether to try again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from workers.github.broker_rules import BrokerRefusalError
from workers.github.signing import AppCredentials
from workers.github.wire import API_VERSION, USER_AGENT, tls_context

TIMEOUT_S = 20.0
CONNECT_TIMEOUT_S = 5.0
REFUSED = 401
ANSWER_MAX_BYTES = 8 * 1024 * 1024
CALLS_MAX = 8
"""Requests under way at once; the others wait for their turn."""
PASSED_ON = (
    "content-type",
    "link",
    "retry-after",
    "x-accepted-github-permissions",
    "x-github-request-id",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """GitHub's answer; of its headers only those that a client decides by."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Upstream:
    """GitHub's API at `base_url`, asked as the App. To be closed."""

    def __init__(self, base_url: str, credentials: AppCredentials) -> None:
        self.base_url = base_url
        self._credentials = credentials
        self._turns = asyncio.Semaphore(CALLS_MAX)
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            trust_env=False,
            verify=tls_context(),
            follow_redirects=False,
            limits=httpx.Limits(max_connections=CALLS_MAX),
            headers={
                "user-agent": USER_AGENT,
                "accept": "application/vnd.github+json",
                "x-github-api-version": API_VERSION,
            },
        )

    async def send(self, method: str, path: str, params: Mapping[str, str], json: Any = None) -> Answer:
        """Send once. Raises BrokerRefusalError (502, 504) when there is no whole answer."""
        try:
            async with self._turns, asyncio.timeout(TIMEOUT_S):
                return await self._exchange(method, path, params, json)
        except TimeoutError:
            raise BrokerRefusalError(504, f"GitHub gave no answer within {TIMEOUT_S:g} s.") from None
        except httpx.HTTPError as error:
            raise BrokerRefusalError(502, f"GitHub gave no answer ({type(error).__name__}).") from None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _exchange(self, method: str, path: str, params: Mapping[str, str], json: Any) -> Answer:
        authorization = await self._credentials.authorization()
        headers = {"authorization": authorization}
        url = f"{self.base_url}{path}"
        async with self._client.stream(method, url, params=params, json=json, headers=headers) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > ANSWER_MAX_BYTES:
                    raise BrokerRefusalError(502, f"GitHub's answer has more than {ANSWER_MAX_BYTES} bytes.")
            if (
                response.status_code == REFUSED
            ):  # who asked tries again, and that is signed by what is learned here
                await self._credentials.refused(authorization, response.headers.get("date", ""))
            kept = {name: response.headers[name] for name in PASSED_ON if name in response.headers}
            return Answer(response.status_code, kept, bytes(body))
