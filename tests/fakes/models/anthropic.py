"""FakeAnthropic: a scripted model behind Anthropic's wire format, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.models import anthropic_batches as batch_wire
from tests.fakes.models import anthropic_message as wire
from tests.fakes.models.answers import Failure, Tokens, Uncounted, unauthorised
from tests.fakes.models.anthropic_cache import MarkedCache
from tests.fakes.models.anthropic_request import AnthropicRequest, anthropic_problem
from tests.fakes.models.batched import BatchingModels
from tests.fakes.models.batching import json_lines
from tests.fakes.models.request import ModelRequest
from tests.fakes.models.scripted import as_object, kept_headers, parse
from tests.fakes.models.settling import Said

VERSION = "anthropic-version"


class FakeAnthropic(BatchingModels):
    """Messages and batches of them; `url` has no path, because the SDK brings /v1 along."""

    def _routes(self) -> Iterable[Route]:
        self._cache = MarkedCache()
        yield Route("/v1/messages", self._answering(), methods=["POST"])
        yield Route("/v1/models", self._list, methods=["GET"])
        yield Route("/v1/messages/batches", self._submit, methods=["POST"])
        yield Route("/v1/messages/batches/{id}", self._poll, methods=["GET"])
        yield Route("/v1/messages/batches/{id}/results", self._results, methods=["GET"])
        yield Route("/v1/messages/batches/{id}/cancel", self._cancel, methods=["POST"])

    async def _list(self, request: Request) -> Response:
        if not self._authorised(request):
            return self._failure(unauthorised())
        rows = [
            {"type": "model", "id": name, "display_name": name, "created_at": "2026-01-01T00:00:00Z"}
            for name in self.names
        ]
        ends = {"first_id": next(iter(self.names), None), "last_id": rows[-1]["id"] if rows else None}
        return JSONResponse({"data": rows, "has_more": False, **ends})

    async def _submit(self, request: Request) -> Response:
        raw = (await request.body()).decode("utf-8", "replace")
        body = as_object(parse(raw))
        if (refusal := self._record(request, raw, body)) is not None:
            return self._failure(refusal)
        try:
            job = self.batches.open(batch_wire.questions(body), "msgbatch_")
        except ValueError as flaw:
            return self._failure(Failure(400, str(flaw)))
        return JSONResponse(batch_wire.batch_json(job, self.url))

    async def _poll(self, request: Request) -> Response:
        name = request.path_params["id"]
        if (refusal := self._found(request, name, self.batches.jobs)) is not None:
            return self._failure(refusal)
        return JSONResponse(batch_wire.batch_json(await self._look(self.batches.jobs[name]), self.url))

    async def _results(self, request: Request) -> Response:
        ended = {name for name, job in self.batches.jobs.items() if job.ended}
        name = request.path_params["id"]
        if (refusal := self._found(request, name, ended)) is not None:
            return self._failure(refusal)
        rows = list(batch_wire.result_rows(self.batches.jobs[name]))
        return Response(json_lines(rows), media_type="application/x-jsonl")

    async def _cancel(self, request: Request) -> Response:
        name = request.path_params["id"]
        if (refusal := self._found(request, name, self.batches.jobs)) is not None:
            return self._failure(refusal)
        return JSONResponse(batch_wire.batch_json(self.batches.cancel(name), self.url))

    def _question(self, body: Any) -> ModelRequest:
        return AnthropicRequest(json.dumps(body), as_object(body), {VERSION: "2023-06-01"})

    def _authorised(self, request: Request) -> bool:
        given = (request.headers.get("x-api-key"), request.headers.get("authorization"))
        return given in ((self.key, None), (None, f"Bearer {self.key}"))

    def _read(self, request: Request, raw: str, body: Any) -> ModelRequest:
        return AnthropicRequest(raw, as_object(body), kept_headers(request))

    def _problem(self, asked: ModelRequest, body: Any) -> str | None:
        if VERSION not in asked.headers:
            return f"{VERSION}: header is required"
        return anthropic_problem(body)

    def _measure(self, asked: ModelRequest) -> Tokens:
        return self._cache.measure(cast(AnthropicRequest, asked))

    def _answered(self, asked: ModelRequest) -> None:
        if "cache_control" in asked.raw:
            self._cache.write(cast(AnthropicRequest, asked))

    def _document(
        self, asked: ModelRequest, said: Said, number: int, tokens: Tokens | Uncounted
    ) -> dict[str, Any]:
        return wire.message_json(asked, said, number, tokens)

    def _stream(
        self, asked: ModelRequest, said: Said, number: int, tokens: Tokens | Uncounted
    ) -> Iterator[str]:
        return map(wire.sse, wire.events(asked, said, number, tokens))

    def _translate(self, failure: Failure) -> Failure:
        return wire.translate(failure)

    def _error(self, failure: Failure) -> dict[str, Any]:
        return wire.error_json(failure)
