"""FakeGoogle: a scripted model behind Google's generative language API, over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.models import google_content as wire
from tests.fakes.models.answers import Failure, Tokens, Uncounted, unauthorised
from tests.fakes.models.completion import sse
from tests.fakes.models.google_request import GoogleRequest, google_problem
from tests.fakes.models.request import ModelRequest
from tests.fakes.models.scripted import FakeModels, as_object, kept_headers
from tests.fakes.models.settling import PrefixCache, Said, count


class FakeGoogle(FakeModels):
    """Contents; `url` has no path, because the SDK brings /v1beta along."""

    def _routes(self) -> Iterable[Route]:
        self._cache = PrefixCache()
        path = "/v1beta/models/{name}"
        yield Route(f"{path}:generateContent", self._answering(), methods=["POST"])
        yield Route(f"{path}:streamGenerateContent", self._answering(), methods=["POST"])
        yield Route("/v1beta/models", self._list, methods=["GET"])

    async def _list(self, request: Request) -> Response:
        if not self._authorised(request):
            return self._failure(unauthorised())
        return JSONResponse({"models": [_row(name) for name in self.names]})

    def _authorised(self, request: Request) -> bool:
        """A key in the address is refused, though the real one takes it: addresses end up in logs."""
        return request.headers.get("x-goog-api-key") == self.key and "key" not in request.query_params

    def _read(self, request: Request, raw: str, body: Any) -> ModelRequest:
        named = request.path_params["name"]
        streamed = request.url.path.endswith(":streamGenerateContent")
        return GoogleRequest(raw, as_object(body), kept_headers(request), named, streamed)

    def _problem(self, asked: ModelRequest, body: Any) -> str | None:
        return google_problem(body)

    def _measure(self, asked: ModelRequest) -> Tokens:
        text = asked.text
        return Tokens(count(text), 0, self._cache.cached_tokens(asked.model, text))

    def _document(
        self, asked: ModelRequest, said: Said, number: int, tokens: Tokens | Uncounted
    ) -> dict[str, Any]:
        return wire.content_json(asked, said, number, tokens)

    def _stream(
        self, asked: ModelRequest, said: Said, number: int, tokens: Tokens | Uncounted
    ) -> Iterator[str]:
        return map(sse, wire.events(asked, said, number, tokens))

    def _translate(self, failure: Failure) -> Failure:
        return wire.translate(failure)

    def _error(self, failure: Failure) -> dict[str, Any]:
        return wire.error_json(failure)

    def _failure(self, failure: Failure) -> Response:
        """Google has no Retry-After: the wait stands in the body."""
        told = self._translate(failure)
        return JSONResponse(self._error(told), told.status)


def _row(name: str) -> dict[str, Any]:
    methods = ["generateContent", "batchGenerateContent"]
    limits = {"inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536}
    return {"name": f"models/{name}", "displayName": name, "supportedGenerationMethods": methods, **limits}
