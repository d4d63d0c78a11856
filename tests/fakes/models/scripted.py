"""What every fake model server does: keep a script, count, check, answer."""

from __future__ import annotations

import asyncio
import inspect
import json
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from typing import Any, ClassVar, Self

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.fakes.listener import ClientGoneError, cut, hold, listening, read_body
from tests.fakes.models.answers import (
    Answer,
    Cut,
    Disconnect,
    Drip,
    Failure,
    Inside,
    Raw,
    Silence,
    Tokens,
    Uncounted,
    model_not_found,
    unauthorised,
)
from tests.fakes.models.delivery import Manner, deliver
from tests.fakes.models.request import ModelRequest
from tests.fakes.models.settling import Said, settle, usage

KEY = "sk-fake-0123456789abcdef0123456789"
NAMES = ("fake-model",)
KEY_HEADERS = frozenset({"authorization", "x-api-key", "x-goog-api-key"})


class FakeModels(ABC):
    """Answers requests with what was scripted, in order; `default` answers when the script is over."""

    prefix: ClassVar[str] = ""
    """What `url` ends with, as clients of this wire expect their base URL."""

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
    ) -> AsyncIterator[Self]:
        """Listen on loopback in the running loop."""
        fake = cls(key, names, latency_s)
        fake.default = default
        fake.answer(*answers)
        async with listening(Router(list(fake._routes()))) as url:
            fake.url = f"{url}{cls.prefix}"
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

    def _flaw(self, asked: ModelRequest, body: Any) -> Failure | None:
        """What is wrong with a question, wherever it came from."""
        if (complaint := self._problem(asked, body)) is not None:
            return Failure(400, complaint)
        return None if asked.model in self.names else model_not_found(asked.model)

    @abstractmethod
    def _routes(self) -> Iterable[Route]: ...

    @abstractmethod
    def _authorised(self, request: Request) -> bool: ...

    @abstractmethod
    def _read(self, request: Request, raw: str, body: Any) -> ModelRequest: ...

    @abstractmethod
    def _problem(self, asked: ModelRequest, body: Any) -> str | None: ...

    @abstractmethod
    def _measure(self, asked: ModelRequest) -> Tokens: ...

    def _answered(self, asked: ModelRequest) -> None:
        """Called as an answer begins: only then a cache may hold what was asked."""
        return

    @abstractmethod
    def _document(
        self, asked: ModelRequest, said: Said, number: int, tokens: Tokens | Uncounted
    ) -> dict[str, Any]: ...

    @abstractmethod
    def _stream(
        self, asked: ModelRequest, said: Said, number: int, tokens: Tokens | Uncounted
    ) -> Iterator[str]: ...

    @abstractmethod
    def _translate(self, failure: Failure) -> Failure: ...

    @abstractmethod
    def _error(self, failure: Failure) -> dict[str, Any]: ...

    async def _complete(self, request: Request) -> Response:
        try:
            raw = (await read_body(request)).decode("utf-8", "replace")
            return await self._respond(request, raw)
        except ClientGoneError:
            return Response()

    def _answering(self) -> ASGIApp:
        """The endpoint of questions: they are under way until the last byte of the answer is out."""
        return _Answering(self._complete, self._counted)

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
        body = parse(raw)
        asked = self._read(request, raw, body)
        self.requests.append(asked)
        number = len(self.requests)
        refusal = self._refusal(request, asked, body)
        measured = Tokens(0, 0) if refusal else self._measure(asked)
        if self.latency_s:
            await hold(request, self.latency_s)
        if refusal is not None:
            return self._failure(refusal)
        return await self._say(request, asked, number, measured)

    def _refusal(self, request: Request, asked: ModelRequest, body: Any) -> Failure | None:
        return self._flaw(asked, body) if self._authorised(request) else unauthorised()

    def _next(self) -> Answer:
        if self.script:
            return self.script.popleft()
        if self.default is None:
            return Failure(500, "the fake has no scripted answer left", None, "server_error")
        return self.default

    async def _say(self, request: Request, asked: ModelRequest, number: int, measured: Tokens) -> Response:
        answer, manner = await self._decide(request, asked, self._next())
        if isinstance(answer, Disconnect):
            cut(request)
            raise ClientGoneError
        if isinstance(answer, Raw):
            return _whole(answer.body, answer.content_type, manner, answer.status)
        if isinstance(answer, Inside):
            return self._inside(answer, manner)
        if isinstance(answer, Failure):
            return self._failure(answer)
        self._answered(asked)
        said = settle(answer, asked)
        tokens = usage(said, measured)
        if not asked.stream:
            document = json.dumps(self._document(asked, said, number, tokens))
            return _whole(document, "application/json", manner)
        stream = self._stream(asked, said, number, tokens)
        if manner is None:
            return StreamingResponse(_each(stream), media_type="text/event-stream")
        return _whole("".join(stream), "text/event-stream", manner)

    async def _decide(self, request: Request, asked: ModelRequest, answer: Answer) -> tuple[Answer, Manner]:
        manner: Manner = None
        while callable(answer) or isinstance(answer, Silence | Drip | Cut):
            if isinstance(answer, Silence):
                await hold(request, answer.seconds)
                answer = answer.then
            elif isinstance(answer, Drip | Cut):
                manner, answer = answer, answer.then
            else:
                answer = await called(answer, asked)
        return answer, manner

    def _inside(self, answer: Inside, manner: Manner) -> Response:
        document = json.dumps(self._error(self._translate(answer.failure)))
        return _whole(document, "application/json", manner)

    def _failure(self, failure: Failure) -> Response:
        told = self._translate(failure)
        document = json.dumps(self._error(told))
        return Response(document, told.status, dict(told.headers), "application/json")


async def called(decide: Any, asked: ModelRequest) -> Answer:
    """What a callable decides, now or later."""
    decided = decide(asked)
    answer: Answer = await decided if inspect.isawaitable(decided) else decided
    return answer


class _Answering:
    def __init__(
        self,
        complete: Callable[[Request], Awaitable[Response]],
        counted: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._complete = complete
        self._counted = counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._counted():
            response = await self._complete(Request(scope, receive, send))
            await response(scope, receive, send)


def kept_headers(request: Request) -> Mapping[str, str]:
    """The headers without those that carry keys."""
    return {name: value for name, value in request.headers.items() if name not in KEY_HEADERS}


def as_object(body: Any) -> Mapping[str, Any]:
    """The body, or nothing where it is no object."""
    return body if isinstance(body, dict) else {}


def parse(raw: str) -> Any:
    """The body as JSON; None where it is none."""
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _whole(body: str, media_type: str, manner: Manner, status: int = 200) -> Response:
    if manner is None:
        return Response(body, status, media_type=media_type)
    return deliver(body.encode(), media_type, manner)


async def _each(pieces: Iterator[str]) -> AsyncIterator[str]:
    for piece in pieces:
        yield piece
