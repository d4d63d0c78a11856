"""GitHub's REST and GraphQL API under one policy of retries, limits and credentials."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Protocol

import httpx
import structlog

from workers.domain.errors import RateLimitedError, TransientError
from workers.github.calls import Call, Lost, Params, Reply
from workers.github.connections import Connection, Connections
from workers.github.graphql_errors import graphql_refusal
from workers.github.known_files import KnownFiles
from workers.github.retry import Accept, GiveUp, Renew, RetryPolicy, Tries, Wait, is_secondary
from workers.github.timing import Timing

log = structlog.get_logger(__name__)


class Credentials(Protocol):
    """Where a request's `Authorization` comes from; asked anew for each request, since tokens end during a run."""

    async def authorization(self) -> str:
        """The header's value."""
        ...

    async def refused(self, authorization: str, date: str) -> None:
        """GitHub answered 401 to this value at `date` (the answer's header): never hand it out again."""
        ...


class RestClient:
    """Calls in the name of one owner ("app", or an installation's id); `known` is what was read of commits before.

    Every method raises TransientError (RateLimitedError, UnknownOutcomeError) or RefusedError (NotFoundError,
    PermissionMissingError, UnprocessableError, ReplyTooLargeError). Paths start with "/", relative to the API.
    """

    def __init__(
        self,
        connections: Connections,
        owner: str,
        credentials: Credentials,
        timing: Timing,
        policy: RetryPolicy | None = None,
        known: KnownFiles | None = None,
    ) -> None:
        self._connections = connections
        self.owner = owner
        self.known = known or KnownFiles()
        self._credentials = credentials
        self._timing = timing
        self._policy = policy or RetryPolicy()

    @property
    def web_url(self) -> str:
        """Where people find what this API serves: https://github.com, or the host of an Enterprise Server."""
        url = self._connections.base_url.removesuffix("/api/v3")
        return "https://github.com" if url == "https://api.github.com" else url

    async def get(self, path: str, params: Params | None = None) -> Any:
        """The resource as JSON."""
        return _json(await self.send(Call("GET", path, params)), path)

    async def get_bytes(
        self,
        path: str,
        *,
        max_bytes: int,
        accept: str = "application/vnd.github+json",
        timeout_s: float = 120.0,
    ) -> bytes:
        """The body as it is, streamed; redirects to other hosts are followed without our token."""
        call = Call("GET", path, accept=accept, max_bytes=max_bytes, timeout_s=timeout_s)
        return (await self.send(call)).body

    async def pages(
        self, path: str, params: Params | None = None, *, pages_max: int = 60
    ) -> AsyncIterator[Any]:
        """The JSON of each page, following `Link: rel="next"` for at most `pages_max` pages."""
        call = Call("GET", path, params)
        for _ in range(pages_max):
            reply = await self.send(call)
            yield _json(reply, path)
            url = _next_url(reply)
            if url is None:
                return
            call = replace(call, path=self._under_base(url), params=None)
        log.warning("github.pages_cut", path=path, pages_max=pages_max)

    async def post(self, path: str, json: Any) -> Any:
        """Create something. Sent once: a lost answer is UnknownOutcomeError."""
        return _json(await self.send(Call("POST", path, json=json, repeatable=False)), path)

    async def patch(self, path: str, json: Any) -> Any:
        """Bring a resource to the given state."""
        return _json(await self.send(Call("PATCH", path, json=json)), path)

    async def patch_once(self, path: str, json: Any) -> Any:
        """A PATCH that adds something each time (check annotations): sent once, as `post` is."""
        return _json(await self.send(Call("PATCH", path, json=json, repeatable=False)), path)

    async def put(self, path: str, json: Any = None) -> Any:
        """Put a resource in place."""
        return _json(await self.send(Call("PUT", path, json=json)), path)

    async def delete(self, path: str) -> None:
        """Remove a resource; one that is gone raises NotFoundError."""
        await self.send(Call("DELETE", path))

    async def graphql(
        self, query: str, variables: dict[str, Any], *, reads: bool = False, repeatable: bool = False
    ) -> Any:
        """The reply's `data`; errors in a 200 are refusals, of their own kind if GitHub names one.

        Sent once unless it only `reads`, or is `repeatable`: what brings a thing to a state.
        """
        body = {"query": query, "variables": variables}
        call = Call("POST", self._graphql_url(), json=body, repeatable=reads or repeatable, reads=reads)
        content = _json(await self.send(call), "/graphql")
        if errors := content.get("errors"):
            raise graphql_refusal(errors)
        return content["data"]

    async def send(self, call: Call) -> Reply:
        """Send `call` until the policy accepts an answer or gives up."""
        tries = Tries()
        while True:
            authorization = await self._credentials.authorization()
            async with self._connections.lease(self.owner) as connection:
                outcome = await connection.exchange(call, authorization, patience_s=self._policy.wait_max_s)
                decision = await self._decide(connection, outcome, call, tries)
            if isinstance(decision, Accept) and isinstance(outcome, Reply):
                return outcome
            tries = replace(tries, attempt=tries.attempt + 1)
            match decision:
                case GiveUp(error):
                    raise error
                case Wait(seconds):
                    log.info("github.retry", call=str(call), seconds=round(seconds, 2), attempt=tries.attempt)
                    await self._timing.sleep(seconds)
                case Renew(date):
                    await self._credentials.refused(authorization, date)
                    tries = replace(tries, renewed=True)

    async def _decide(
        self, connection: Connection, outcome: Reply | Lost, call: Call, tries: Tries
    ) -> Accept | Wait | Renew | GiveUp:
        tries = replace(tries, streak=connection.streak)
        decision = self._policy.decide(
            outcome, call, tries, now_s=self._timing.now(), chance=self._timing.chance()
        )
        if isinstance(decision, GiveUp) and isinstance(decision.error, RateLimitedError):
            await connection.limited(decision.error.retry_after_s)
            connection.streak += isinstance(outcome, Reply) and is_secondary(outcome)
        elif isinstance(decision, Wait) and decision.limited:
            await connection.limited(decision.seconds)
        elif isinstance(decision, Accept):
            connection.streak = 0
        return decision

    def _under_base(self, url: str) -> str:
        if not self._connections.owns(url):
            raise TransientError(
                f"GitHub's next page lies outside {self._connections.base_url}; not followed."
            )
        return url

    def _graphql_url(self) -> str:
        return f"{self._connections.base_url.removesuffix('/v3')}/graphql"


def _json(reply: Reply, path: str) -> Any:
    try:
        return reply.json()
    except ValueError:
        raise TransientError(
            f"{path}: GitHub's answer is no JSON; a proxy between may have written it."
        ) from None


def _next_url(reply: Reply) -> str | None:
    links = httpx.Response(200, headers={"link": reply.headers.get("link", "")}).links
    return links.get("next", {}).get("url")
