"""FakeOpenAI: a scripted model behind OpenAI's wire format, over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.models import openai_batches as batch_wire
from tests.fakes.models.answers import Failure, Tokens, Uncounted, unauthorised
from tests.fakes.models.batched import BatchingModels
from tests.fakes.models.batching import Job, json_lines, multipart
from tests.fakes.models.completion import completion_json, error_json, events, sse
from tests.fakes.models.request import ModelRequest, problem
from tests.fakes.models.scripted import KEY, NAMES, as_object, kept_headers, parse
from tests.fakes.models.settling import PrefixCache, Said, count

__all__ = ["KEY", "NAMES", "FakeOpenAI"]


class FakeOpenAI(BatchingModels):
    """Chat completions and batches of them; `url` ends with /v1."""

    prefix: ClassVar[str] = "/v1"

    def _routes(self) -> Iterable[Route]:
        self._cache = PrefixCache()
        yield Route(f"{self.prefix}/chat/completions", self._answering(), methods=["POST"])
        yield Route(f"{self.prefix}/models", self._list, methods=["GET"])
        yield from self._batch_routes()

    def _batch_routes(self) -> Iterable[Route]:
        yield Route(f"{self.prefix}/files", self._upload, methods=["POST"])
        yield Route(f"{self.prefix}/files/{{id}}", self._file, methods=["GET", "DELETE"])
        yield Route(f"{self.prefix}/files/{{id}}/content", self._content, methods=["GET"])
        yield Route(f"{self.prefix}/batches", self._submit, methods=["POST"])
        yield Route(f"{self.prefix}/batches/{{id}}", self._poll, methods=["GET"])
        yield Route(f"{self.prefix}/batches/{{id}}/cancel", self._cancel, methods=["POST"])

    async def _list(self, request: Request) -> Response:
        if not self._authorised(request):
            return self._failure(unauthorised())
        return JSONResponse({"object": "list", "data": [self._row(name) for name in self.names]})

    async def _upload(self, request: Request) -> Response:
        content = await request.body()
        if (refusal := self._record(request, content.decode("utf-8", "replace"), None)) is not None:
            return self._failure(refusal)
        form = multipart(content, request.headers.get("content-type", ""))
        if form.get("purpose") != b"batch" or "file" not in form:
            return self._failure(Failure(400, "'purpose' and 'file' are required properties"))
        name = self.batches.keep(form["file"], "file-")
        return JSONResponse(batch_wire.file_json(name, form["file"]))

    async def _file(self, request: Request) -> Response:
        name = request.path_params["id"]
        if (refusal := self._found(request, name, self.batches.files)) is not None:
            return self._failure(refusal)
        if request.method == "GET":
            return JSONResponse(batch_wire.file_json(name, self.batches.files[name]))
        del self.batches.files[name]
        return JSONResponse({"id": name, "object": "file", "deleted": True})

    async def _content(self, request: Request) -> Response:
        name = request.path_params["id"]
        if (refusal := self._found(request, name, self.batches.files)) is not None:
            return self._failure(refusal)
        return Response(self.batches.files[name], media_type="application/octet-stream")

    async def _submit(self, request: Request) -> Response:
        raw = (await request.body()).decode("utf-8", "replace")
        body = as_object(parse(raw))
        if (refusal := self._record(request, raw, body)) is not None:
            return self._failure(refusal)
        if body.get("endpoint") != batch_wire.ENDPOINT or body.get("completion_window") != "24h":
            return self._failure(Failure(400, "Invalid value: 'endpoint' or 'completion_window'."))
        if body.get("input_file_id") not in self.batches.files:
            return self._failure(Failure(400, "Invalid file ID.", "invalid_file_id"))
        return JSONResponse(batch_wire.batch_json(self._opened(body["input_file_id"])))

    def _opened(self, input_file: str) -> Job:
        try:
            questions = batch_wire.questions(self.batches.files[input_file])
        except ValueError as flaw:
            job = self.batches.open({}, "batch_", input_file)
            job.state, job.flaw = "failed", str(flaw)
            return job
        return self.batches.open(questions, "batch_", input_file)

    async def _poll(self, request: Request) -> Response:
        name = request.path_params["id"]
        if (refusal := self._found(request, name, self.batches.jobs)) is not None:
            return self._failure(refusal)
        return JSONResponse(batch_wire.batch_json(await self._look(self.batches.jobs[name])))

    async def _cancel(self, request: Request) -> Response:
        name = request.path_params["id"]
        if (refusal := self._found(request, name, self.batches.jobs)) is not None:
            return self._failure(refusal)
        return JSONResponse(batch_wire.batch_json(self.batches.cancel(name)))

    def _finished(self, job: Job) -> None:
        if rows := list(batch_wire.output_rows(job)):
            job.output_file = self.batches.keep(json_lines(rows), "file-")
        if rows := list(batch_wire.error_rows(job)):
            job.error_file = self.batches.keep(json_lines(rows), "file-")

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
