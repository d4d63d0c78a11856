"""The way of every request: log, fault, token, scope, limit, handler, schema, answer."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Sequence
from email.utils import formatdate
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Message, Receive, Scope, Send

from tests.fakes.github import schemas
from tests.fakes.github.call import Answer, Call, Endpoint
from tests.fakes.github.errors import ApiError, bad_credentials, not_found
from tests.fakes.github.faults import AFTER, LIMITING, Fault
from tests.fakes.github.limits import HOUR_S, UNNAMED_WAIT_S, Wait
from tests.fakes.github.tokens import require, verify_app, verify_installation
from tests.fakes.github.values import Recorded, Repository, Token
from tests.fakes.github.world import World
from tests.fakes.listener import ClientGoneError, cut, hold, read_body

API_VERSIONS = ("2022-11-28", "2026-03-10")
NO_USER_AGENT = (
    "Request forbidden by administrative rules. Please make sure your request has a User-Agent header "
    "(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required)."
)


class _CutError(Exception):
    """The connection is to be dropped instead of an answer."""


class Application:
    """The API as an ASGI application."""

    def __init__(
        self, world: World, routes: Sequence[Endpoint], *, latency_s: float, strict_schemas: bool
    ) -> None:
        self._world = world
        self._latency_s = latency_s
        self._strict = strict_schemas
        self._router = Router([self._route(endpoint) for endpoint in routes], redirect_slashes=False)
        self._router.default = self._missing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = formatdate(self._world.clock(), usegmt=True).encode()
                message = {**message, "headers": [*message["headers"], (b"date", date)]}
            await send(message)

        await self._router(_by_name(self._world, scope), receive, dated)

    def _route(self, endpoint: Endpoint) -> Route:
        async def respond(request: Request) -> Response:
            return await self._respond(endpoint, request)

        return Route(endpoint.path, respond, methods=[endpoint.method])

    async def _missing(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        error = not_found()
        response = _response(Answer(error.body(), error.status))
        self._record(request, error.status, None)
        await response(scope, receive, send)

    async def _respond(self, endpoint: Endpoint, request: Request) -> Response:
        body = None
        try:
            body = _parse(await read_body(request))
            if self._latency_s:
                await hold(request, self._latency_s)
            answer = await self._answer(endpoint, request, body)
        except (ClientGoneError, _CutError):
            self._record(request, 0, body)
            cut(request)
            await asyncio.sleep(0)
            return Response()
        self._record(request, answer.status, body)
        return _response(answer)

    async def _answer(self, endpoint: Endpoint, request: Request, body: Any) -> Answer:
        faults = self._world.faults.of_request(request.method, request.url.path)
        call = Call(self._world, request, body if isinstance(body, dict) else {})
        try:
            for fault in faults:
                await _strike_before(fault, call)
            answer = await self._handle(endpoint, call)
            for fault in faults:
                _strike_after(fault)
        except ApiError as error:
            answer = Answer(error.body(), error.status, error.headers)
        return _finish(call, answer)

    async def _handle(self, endpoint: Endpoint, call: Call) -> Answer:
        _check_headers(call.request)
        call.token = _authenticate(self._world, endpoint, call.request)
        if "owner" in call.params:
            found = _resolve(call)
            if isinstance(found, Answer):
                return found
            call.found = found
        self._charge(endpoint, call)
        if call.token is not None:
            require(call.token, endpoint.permissions)
        if call.found is not None and call.found.archived and call.request.method != "GET":
            raise ApiError(403, "Repository was archived so is read-only.")
        try:
            answer = await endpoint.handler(call)
            if self._strict:
                schemas.check(endpoint.model, answer)
        except ApiError:
            raise
        except Exception as error:
            self._world.bugs.append(error)
            raise
        return answer

    def _charge(self, endpoint: Endpoint, call: Call) -> None:
        key = _limit_key(call.token)
        if endpoint.charged:
            self._world.limits.spend(key, self._world.clock(), call.token.text if call.token else "")
        if endpoint.content:
            self._world.limits.write(key, self._world.clock())

    def _record(self, request: Request, status: int, body: Any) -> None:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        headers = dict(request.headers)
        self._world.requests.append(
            Recorded(request.method, path, status, body, self._world.clock(), headers)
        )


def _by_name(world: World, scope: Scope) -> Scope:
    """`/repositories/{id}/…` is the same as `/repos/{owner}/{name}/…`."""
    match = re.fullmatch(r"/repositories/(\d+)(/.*)?", scope.get("path", ""))
    repository = world.repositories.get(int(match[1])) if match else None
    if match is None or repository is None:
        return scope
    path = f"/repos/{repository.full_name}{match[2] or ''}"
    return {**scope, "path": path, "raw_path": path.encode()}


def _parse(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None


def _check_headers(request: Request) -> None:
    if not request.headers.get("user-agent"):
        raise ApiError(403, NO_USER_AGENT)
    version = request.headers.get("x-github-api-version")
    if version is not None and version not in API_VERSIONS:
        raise ApiError(400, f'"{version}" is not a supported API version.')
    if request.method in ("POST", "PATCH", "PUT") and request.headers.get("content-length", "0") != "0":
        kind = request.headers.get("content-type", "")
        if "json" not in kind:
            raise ApiError(415, "Unsupported 'Content-Type' header: JSON is expected")


def _authenticate(world: World, endpoint: Endpoint, request: Request) -> Token | None:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if not text:
        raise ApiError(401, "Requires authentication")
    if scheme.lower() not in ("bearer", "token"):
        raise bad_credentials()
    if endpoint.access == "app" or (endpoint.access == "any" and text not in world.tokens):
        verify_app(world, text)
        return None
    return verify_installation(world, text)


def _resolve(call: Call) -> Repository | Answer:
    """The repository of the path if the token may see it; a redirect when it was renamed; else 404."""
    world, name = call.world, f"{call.params['owner']}/{call.params['repo']}"
    repository = world.named(name)
    if repository is None and (former := world.former_names.get(name.lower())):
        rest = call.request.url.path.removeprefix(f"/repos/{name}")
        query = f"?{call.request.url.query}" if call.request.url.query else ""
        location = f"{world.url}/repositories/{former}{rest}{query}"
        status = 301 if call.request.method == "GET" else 307
        body = {"message": "Moved Permanently", "url": location, "documentation_url": ""}
        return Answer(body, status, {"location": location})
    if repository is None or not _visible(call, repository):
        raise not_found()
    return repository


def _visible(call: Call, repository: Repository) -> bool:
    if call.token is None or repository.id in call.token.reaches:
        return True
    return not repository.private and call.request.method == "GET"


async def _strike_before(fault: Fault, call: Call) -> None:
    world, now = call.world, call.world.clock()
    if fault.kind == "status":
        raise ApiError(fault.status, fault.message, headers=fault.headers)
    if fault.kind == "disconnect":
        raise _CutError
    if fault.kind == "delay":
        await hold(call.request, fault.delay_s)
    if fault.kind == "unauthorised_once":
        raise bad_credentials()
    if fault.kind in LIMITING:
        raise world.limits.ask_to_wait(_wait(fault, _asker(call), now), now)
    call.stale = call.stale or fault.kind == "stale_head"


def _wait(fault: Fault, key: int, now: float) -> Wait:
    if fault.kind == "primary_limit":
        return Wait(key, int(now) + (fault.retry_after_s or HOUR_S), primary=True)
    status = 429 if fault.status == 429 else 403
    return Wait(key, now + (fault.retry_after_s or UNNAMED_WAIT_S), status, fault.retry_after_s is not None)


def _strike_after(fault: Fault) -> None:
    if fault.kind not in AFTER:
        return
    if fault.kind == "drop_after_commit":
        raise _CutError
    raise ApiError(fault.status, fault.message, headers=fault.headers)


def _finish(call: Call, answer: Answer) -> Answer:
    """Add the headers of every answer; 304 when the client has this very body already."""
    world, key, now = call.world, _limit_key(call.token), call.world.clock()
    headers = {"x-github-media-type": "github.v3; format=json", "x-github-request-id": f"{world.next_id():X}"}
    if call.request.method == "GET" and answer.status == 200:
        content = answer.body if isinstance(answer.body, bytes) else _encode(answer.body)
        tag = f'W/"{hashlib.sha256(content).hexdigest()}"'
        headers |= {"etag": tag, "cache-control": "private, max-age=60, s-maxage=60"}
        if call.request.headers.get("if-none-match") == tag:
            world.limits.refund(key, now)
            answer = Answer(None, 304)
    return Answer(answer.body, answer.status, headers | world.limits.headers(key, now) | answer.headers)


def _asker(call: Call) -> int:
    """Whose limit it is, before the token was looked at."""
    return _limit_key(call.world.tokens.get(call.request.headers.get("authorization", "").partition(" ")[2]))


def _limit_key(token: Token | None) -> int:
    return token.installation.id if token is not None else 0


def _encode(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _response(answer: Answer) -> Response:
    if isinstance(answer.body, bytes):
        return Response(answer.body, answer.status, answer.headers)
    content = b"" if answer.status in (204, 304) or answer.body is None else _encode(answer.body)
    media = "application/json; charset=utf-8" if content else None
    return Response(content, answer.status, answer.headers, media_type=media)
