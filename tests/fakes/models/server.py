"""FakeOpenAI: a scripted model behind OpenAI's wire format, over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.models.answers import Failure, Tokens, Uncounted, unauthorised
from tests.fakes.models.completion import completion_json, error_json, events, sse
from tests.fakes.models.request import ModelRequest, problem
from tests.fakes.models.scripted import KEY, NAMES, FakeModels, as_object, kept_headers
from tests.fakes.models.settling import PrefixCache, Said, count

__all__ = ["KEY", "NAMES", "FakeOpenAI"]


class FakeOpenAI(FakeModels):
    """Chat completions; `url` ends with /v1."""

    prefix: ClassVar[str] = "/v1"

    def _routes(self) -> Iterable[Route]:
        self._cache = PrefixCache()
        yield Route(f"{self.prefix}/chat/completions", self._answering(), methods=["POST"])
        yield Route(f"{self.prefix}/models", self._list, methods=["GET"])

    async def _list(self, request: Request) -> Response:
        if not self._authorised(request):
            return self._failure(unauthorised())
        return JSONResponse({"object": "list", "data": [self._row(name) for name in self.names]})

    def _row(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": 1_700_000_000, "owned_by": "fake"}

    def _authorised(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self.key}"

    def _read(self, request: Request, raw: str, body: Any) -> ModelRequest:
        return ModelRequest(raw, as_object(body), kept_headers(request))

    def _problem(self, asked: ModelRequest, body: Any) -> str | None:
        return problem(body)

    def _measure(self, asked: ModelRequest) -> Tokens:
        text = asked.text
        return Tokens(count(text), 0, self._cache.cached_tokens(asked.model, text))

    def _document(
        self, asked: ModelRequest, said: Said, number: int, tokens: Tokens | Uncounted
    ) -> dict[str, Any]:
        return completion_json(asked, said, number, tokens)

    def _stream(
        self, asked: ModelRequest, said: Said, number: int, tokens: Tokens | Uncounted
    ) -> Iterator[str]:
        for document in events(asked, said, number, tokens):
            yield sse(document)
        yield "data: [DONE]\n\n"

    def _translate(self, failure: Failure) -> Failure:
        return failure

    def _error(self, failure: Failure) -> dict[str, Any]:
        return error_json(failure)
