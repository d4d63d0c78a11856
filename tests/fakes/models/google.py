"""FakeGoogle: a scripted model behind Google's generative language API, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.models import google_batches as batch_wire
from tests.fakes.models import google_content as wire
from tests.fakes.models.answers import Failure, Tokens, Uncounted, unauthorised
from tests.fakes.models.batched import BatchingModels
from tests.fakes.models.batching import Job, json_lines
from tests.fakes.models.completion import sse
from tests.fakes.models.google_request import GoogleRequest, google_problem
from tests.fakes.models.request import ModelRequest
from tests.fakes.models.scripted import as_object, kept_headers, parse
from tests.fakes.models.settling import PrefixCache, Said, count


class FakeGoogle(BatchingModels):
    """Contents and batches of them; `url` has no path, because the SDK brings /v1beta along."""

    def _routes(self) -> Iterable[Route]:
        self._cache = PrefixCache()
        path = "/v1beta/models/{name}"
        yield Route(f"{path}:generateContent", self._answering(), methods=["POST"])
        yield Route(f"{path}:streamGenerateContent", self._answering(), methods=["POST"])
        yield Route(f"{path}:batchGenerateContent", self._submit, methods=["POST"])
        yield Route("/v1beta/models", self._list, methods=["GET"])
        yield Route("/v1beta/batches/{id}", self._poll, methods=["GET"])
        yield Route("/v1beta/batches/{id}:cancel", self._cancel, methods=["POST"])
        yield Route("/upload/v1beta/files", self._upload, methods=["POST"])
        yield Route("/v1beta/files/{id}:download", self._download, methods=["GET"])
        yield Route("/v1beta/files/{id}", self._file, methods=["GET", "DELETE"])

    async def _list(self, request: Request) -> Response:
        if not self._authorised(request):
            return self._failure(unauthorised())
        return JSONResponse({"models": [_row(name) for name in self.names]})

    async def _submit(self, request: Request) -> Response:
        raw = (await request.body()).decode("utf-8", "replace")
        body = as_object(parse(raw))
        if (refusal := self._record(request, raw, body)) is not None:
            return self._failure(refusal)
        config = (body.get("batch") or {}).get("inputConfig") or {}
        try:
            questions = batch_wire.questions(config, self.batches.files)
        except ValueError as flaw:
            return self._failure(Failure(400, str(flaw)))
        return JSONResponse(batch_wire.operation_json(self._opened(request, config, questions)))

    def _opened(self, request: Request, config: Mapping[str, Any], questions: Mapping[str, Any]) -> Job:
        model = request.path_params["name"]
        named = {key: {**one, "model": f"models/{model}"} for key, one in questions.items()}
        job = self.batches.open(named, "batches/", config.get("fileName", ""))
        job.model = model
        return job

    async def _poll(self, request: Request) -> Response:
        name = f"batches/{request.path_params['id']}"
        if (refusal := self._found(request, name, self.batches.jobs)) is not None:
            return self._failure(refusal)
        return JSONResponse(batch_wire.operation_json(await self._look(self.batches.jobs[name])))

    async def _cancel(self, request: Request) -> Response:
        name = f"batches/{request.path_params['id']}"
        if (refusal := self._found(request, name, self.batches.jobs)) is not None:
            return self._failure(refusal)
        self.batches.cancel(name)
        return JSONResponse({})

    async def _upload(self, request: Request) -> Response:
        """First the intent, which names the address to send to; then, there and without a key, the content."""
        content = await request.body()
        if (name := request.query_params.get("upload_id")) in self.batches.files:
            self.batches.files[name] = content
            file = batch_wire.file_json(name, content, self.url)
            return JSONResponse({"file": file}, headers={"x-goog-upload-status": "final"})
        if (refusal := self._record(request, content.decode("utf-8", "replace"), None)) is not None:
            return self._failure(refusal)
        name = self.batches.keep(b"", "files/")
        where = {"x-goog-upload-url": f"{self.url}/upload/v1beta/files?upload_id={name}"}
        return JSONResponse({}, headers=where | {"x-goog-upload-status": "active"})

    async def _download(self, request: Request) -> Response:
        name = f"files/{request.path_params['id']}"
        if (refusal := self._found(request, name, self.batches.files)) is not None:
            return self._failure(refusal)
        return Response(self.batches.files[name], media_type="application/octet-stream")

    async def _file(self, request: Request) -> Response:
        name = f"files/{request.path_params['id']}"
        if (refusal := self._found(request, name, self.batches.files)) is not None:
            return self._failure(refusal)
        if request.method == "GET":
            return JSONResponse(batch_wire.file_json(name, self.batches.files[name], self.url))
        del self.batches.files[name]
        return JSONResponse({})

    def _question(self, body: Any) -> ModelRequest:
        named = str(body.get("model", "")).removeprefix("models/")
        return GoogleRequest(json.dumps(body), as_object(body), {}, named)

    def _finished(self, job: Job) -> None:
        if job.input_file and job.state == "done":
            job.output_file = self.batches.keep(json_lines(list(batch_wire.result_rows(job))), "files/")

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
