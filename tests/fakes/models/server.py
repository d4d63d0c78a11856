"""FakeOpenAI: a scripted model behind OpenAI's wire format, over HTTP."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections import deque
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, Router

from tests.fakes.listener import ClientGoneError, cut, hold, listening, read_body
from tests.fakes.models.answers import Answer, Disconnect, Failure, Silence, model_not_found, unauthorised
from tests.fakes.models.completion import cached_tokens, completion_json, events, settle, shorten
from tests.fakes.models.request import ModelRequest, problem

KEY = "sk-fake-0123456789abcdef0123456789"
NAMES = ("fake-model",)


class FakeOpenAI:
    """Answers requests with what was scripted, in order; `default` answers when the script is over."""

    def __init__(self, key: str, names: Collection[str], latency_s: float) -> None:
        self.key = key
        self.names = names
        self.latency_s = latency_s
        self.url = ""
        self.default: Answer | None = None
        self.script: deque[Answer] = deque()
        self.requests: list[ModelRequest] = []
        self.in_flight = 0
        self.in_flight_max = 0
        self._busy = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @classmethod
    @asynccontextmanager
    async def serve(
        cls,
        *answers: Answer,
        key: str = KEY,
        names: Collection[str] = NAMES,
        latency_s: float = 0.0,
        default: Answer | None = None,
    ) -> AsyncIterator[FakeOpenAI]:
        """Listen on loopback in the running loop; `url` ends with /v1."""
        fake = cls(key, names, latency_s)
        fake.default = default
        fake.answer(*answers)
        routes = [
            Route("/v1/chat/completions", fake._complete, methods=["POST"]),
            Route("/v1/models", fake._list, methods=["GET"]),
        ]
        async with listening(Router(routes)) as url:
            fake.url = f"{url}/v1"
            yield fake

    def answer(self, *answers: Answer) -> None:
        """Script the next answers."""
        self.script.extend(answers)

    @property
    def sent(self) -> str:
        """Every request body so far: what a search for secrets looks through."""
        return "\n".join(request.raw for request in self.requests)

    async def busy(self) -> None:
        """Wait until a request is under way."""
        await self._busy.wait()

    async def idle(self) -> None:
        """Wait until no request is under way."""
        await self._idle.wait()

    async def _list(self, request: Request) -> Response:
        if not self._authorised(request):
            return _failure(unauthorised())
        rows = [
            {"id": name, "object": "model", "created": 1_700_000_000, "owned_by": "fake"}
            for name in self.names
        ]
        return JSONResponse({"object": "list", "data": rows})

    def _authorised(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self.key}"

    async def _complete(self, request: Request) -> Response:
        with self._counted():
            try:
                raw = (await read_body(request)).decode("utf-8", "replace")
                return await self._respond(request, raw)
            except ClientGoneError:
                return Response()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self.in_flight += 1
        self.in_flight_max = max(self.in_flight_max, self.in_flight)
        self._busy.set()
        self._idle.clear()
        try:
            yield
        finally:
            self.in_flight -= 1
            if not self.in_flight:
                self._idle.set()
                self._busy.clear()

    async def _respond(self, request: Request, raw: str) -> Response:
        body = _parse(raw)
        headers = {name: value for name, value in request.headers.items() if name != "authorization"}
        asked = ModelRequest(raw, body if isinstance(body, dict) else {}, headers)
        earlier = list(self.requests)
        self.requests.append(asked)
        if self.latency_s:
            await hold(request, self.latency_s)
        if (refusal := self._refusal(request, asked, body)) is not None:
            return _failure(refusal)
        return await self._say(request, asked, self._next(), earlier)

    def _refusal(self, request: Request, asked: ModelRequest, body: Any) -> Failure | None:
        if not self._authorised(request):
            return unauthorised()
        if (complaint := problem(body)) is not None:
            return Failure(400, complaint)
        return None if asked.model in self.names else model_not_found(asked.model)

    def _next(self) -> Answer:
        if self.script:
            return self.script.popleft()
        if self.default is None:
            return Failure(500, "the fake has no scripted answer left", None, "server_error")
        return self.default

    async def _say(
        self, request: Request, asked: ModelRequest, answer: Answer, earlier: list[ModelRequest]
    ) -> Response:
        while callable(answer) or isinstance(answer, Silence):
            if isinstance(answer, Silence):
                await hold(request, answer.seconds)
                answer = answer.then
                continue
            decided = answer(asked)
            answer = await decided if inspect.isawaitable(decided) else decided
        if isinstance(answer, Disconnect):
            cut(request)
            raise ClientGoneError
        if isinstance(answer, Failure):
            return _failure(answer)
        said = shorten(settle(answer, asked), asked.output_max_tokens)
        number, cached = len(self.requests), cached_tokens(asked, earlier)
        if asked.stream:
            return StreamingResponse(
                _stream(events(asked, said, number, cached)), media_type="text/event-stream"
            )
        return JSONResponse(completion_json(asked, said, number, cached))


async def _stream(pieces: Iterator[str]) -> AsyncIterator[str]:
    for piece in pieces:
        yield piece


def _parse(raw: str) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _failure(failure: Failure) -> Response:
    error = {"message": failure.message, "type": failure.type, "param": None, "code": failure.code}
    return JSONResponse({"error": error}, failure.status, dict(failure.headers))
