"""Connections to GitHub's API: one persistent HTTP client an installation and process, the least used closed."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
from githubkit import GitHub, UnauthAuthStrategy
from githubkit.exception import RequestError
from githubkit.response import Response
from githubkit.throttling import LocalThrottler

from workers.domain.errors import RateLimitedError
from workers.domain.fence import look_again
from workers.domain.pace import Pace
from workers.github.calls import Call, Lost, Reply
from workers.github.errors import ReplyTooLargeError
from workers.github.pacing import LocalPacing, Pacing
from workers.github.remaining import until_reset_s
from workers.github.timing import Timing
from workers.github.wire import API_VERSION, USER_AGENT, tls_context
from workers.telemetry import waiting

LIMIT_SPARE_S = 0.05
"""So long after a limit's end one asks again: clocks are read in whole milliseconds."""
STALE_S = 0.5
"""Who waited so long for a place, or stood still, asks once more: a limit may have been met meanwhile."""
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class _Transport(GitHub[UnauthAuthStrategy]):
    """githubkit without its own opinions on failure, and with one HTTP client for all tasks.

    githubkit keeps its client in a context variable, so one task's client is unknown to the next, and it turns some
    answers into exceptions while it reads headers; both are decided here instead (`retry.py` judges every answer).
    """

    _http: httpx.AsyncClient | None = None

    @asynccontextmanager
    async def get_async_client(self) -> AsyncIterator[httpx.AsyncClient]:
        if self._http is None:
            self._http = await self._create_async_client()
        yield self._http

    def _check_is_error(self, response: httpx.Response) -> bool:
        return False

    def _check_rate_limit(self, response: Response) -> None:
        return None

    async def aclose(self) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None


class Connection:
    """One installation's way to GitHub: its sockets, its pace, and what is known of its rate limit."""

    def __init__(
        self, owner: str, transport: _Transport, timing: Timing, pacing: Pacing, requests_max: int
    ) -> None:
        self._owner = owner
        self._places = asyncio.Semaphore(requests_max)
        self._transport = transport
        self._timing = timing
        self._pacing = pacing
        self.streak = 0
        self.users = 0

    async def exchange(self, call: Call, authorization: str, *, patience_s: float = 0.0) -> Reply | Lost:
        """Send once, after a known limit that ends within `patience_s`.

        Raises RateLimitedError, unsent, when one lasts longer; LeaseLostError, unsent, for a write whose lease is over;
        ReplyTooLargeError for a huge answer.
        """
        await self._turn(call, patience_s)
        allowed_at = _now()
        async with self._places:
            if _now() - allowed_at > STALE_S:
                await self._allowed(call, patience_s, write=False, creates=False)
            if call.is_write:
                look_again()
            outcome = await self._tried(call, authorization)
        if isinstance(outcome, Reply):
            await self._spare_the_rest(outcome)
        return outcome

    async def _tried(self, call: Call, authorization: str) -> Reply | Lost:
        try:
            with waiting("github"):
                async with asyncio.timeout(call.timeout_s):
                    return await self._send(call, authorization)
        except TimeoutError:
            return Lost(f"no whole answer within {call.timeout_s:g} s", sent=True)
        except httpx.RequestError as error:
            return _lost(error)
        except RequestError as error:
            if isinstance(error.exc, httpx.RequestError):
                return _lost(error.exc)
            raise

    async def limited(self, wait_s: float) -> None:
        """GitHub asked to wait: until then nothing is sent."""
        await self._pacing.block(self._owner, wait_s)

    async def aclose(self) -> None:
        """Close the sockets; the next exchange opens new ones."""
        await self._transport.aclose()

    async def _turn(self, call: Call, patience_s: float) -> None:
        """Wait for this request's turn. Raises RateLimitedError when that is too far away."""
        wait_s = await self._allowed(call, patience_s, write=call.is_write, creates=call.creates)
        while wait_s > 0:
            await self._pause(wait_s)
            # A limit may have been met meanwhile; the turn is ours already.
            wait_s = await self._allowed(call, patience_s, write=False, creates=False)

    async def _allowed(self, call: Call, patience_s: float, *, write: bool, creates: bool) -> float:
        """Seconds until the turn that was given; a limit that ends soon enough is waited for first."""
        while (turn := await self._pacing.turn(self._owner, write=write, creates=creates)).refused:
            if turn.wait_s > patience_s:
                sentence = f"{call}: not sent, a rate limit lasts {turn.wait_s:.0f} s."
                raise RateLimitedError(sentence, retry_after_s=turn.wait_s)
            patience_s -= turn.wait_s
            await self._pause(turn.wait_s + LIMIT_SPARE_S)
        return turn.wait_s

    async def _pause(self, wait_s: float) -> None:
        with waiting("github's pace"):
            await self._timing.sleep(wait_s)

    async def _spare_the_rest(self, reply: Reply) -> None:
        """Stop before the hour's requests are used up: others may have some under way."""
        wait_s = until_reset_s(reply, now_s=self._timing.now(), chance=self._timing.chance())
        if wait_s is not None:
            await self._pacing.block(self._owner, wait_s)

    async def _send(self, call: Call, authorization: str) -> Reply:
        headers = {"Accept": call.accept, "X-GitHub-Api-Version": API_VERSION, "Authorization": authorization}
        content = None
        if call.json is not None:
            headers["Content-Type"] = "application/json"
            # a lone surrogate, as file names may hold, becomes "?" rather than an end of the job
            content = json.dumps(call.json, ensure_ascii=False).encode("utf-8", errors="replace")
        answer = await self._transport.arequest(
            call.method,
            call.path,
            params=dict(call.params) if call.params else None,
            content=content,
            headers=headers,
            stream=True,
        )
        response = answer.raw_response
        try:
            body = await _read(response, call)
        finally:
            await response.aclose()
        return Reply(
            response.status_code, {key.lower(): value for key, value in response.headers.items()}, body
        )


class Connections:
    """The process's connections, by owner ("app" or an installation's id); idle ones beyond `open_max` are closed.

    `open_transport` makes what an owner's requests travel by, where that is not the network.
    """

    def __init__(
        self,
        base_url: str,
        timing: Timing,
        *,
        pacing: Pacing | None = None,
        open_max: int = 200,
        requests_max: int = 10,
        timeout: httpx.Timeout | None = None,
        tls: ssl.SSLContext | None = None,
        open_transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        self._open_transport = open_transport
        self.base_url = base_url.rstrip("/")
        self._timing = timing
        self._pacing = pacing or LocalPacing(Pace(), timing.now)
        self._open_max = open_max
        self._requests_max = requests_max
        self._timeout = timeout or httpx.Timeout(30.0, connect=5.0, pool=5.0)
        self._tls = tls or tls_context()
        self._open: OrderedDict[str, Connection] = OrderedDict()

    @asynccontextmanager
    async def lease(self, owner: str) -> AsyncIterator[Connection]:
        """The owner's connection; it is not closed while it is in use."""
        connection = self._open.get(owner) or self._add(owner)
        self._open.move_to_end(owner)
        connection.users += 1
        try:
            await self._close_idle()
            yield connection
        finally:
            connection.users -= 1

    async def aclose(self) -> None:
        """Close them all."""
        while self._open:
            _, connection = self._open.popitem()
            await connection.aclose()

    def owns(self, url: str) -> bool:
        """Whether `url` lies under the API's base URL: only there may a token go."""
        return url.startswith(f"{self.base_url}/")

    def _add(self, owner: str) -> Connection:
        transport = _Transport(
            UnauthAuthStrategy(),
            base_url=self.base_url,
            user_agent=USER_AGENT,
            http_cache=False,
            auto_retry=False,
            follow_redirects=True,
            timeout=self._timeout,
            ssl_verify=self._tls,
            trust_env=False,
            throttler=LocalThrottler(self._requests_max),
            async_transport=self._open_transport() if self._open_transport else None,
        )
        connection = Connection(owner, transport, self._timing, self._pacing, self._requests_max)
        self._open[owner] = connection
        return connection

    async def _close_idle(self) -> None:
        surplus = len(self._open) - self._open_max
        idle = [owner for owner, connection in self._open.items() if not connection.users]
        for owner in idle[: max(surplus, 0)]:
            await self._open.pop(owner).aclose()


async def _read(response: httpx.Response, call: Call) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > call.max_bytes:
            raise ReplyTooLargeError(
                f"{call}: the answer is larger than {call.max_bytes} bytes.", status=response.status_code
            )
    return bytes(body)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _lost(error: httpx.RequestError) -> Lost:
    return Lost(type(error).__name__, sent=not isinstance(error, NEVER_SENT))
