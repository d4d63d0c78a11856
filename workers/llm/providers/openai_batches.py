"""OpenAI's batches of chat completions, as pydantic-ai's model: it knows those of another API only.

A question is put into words, and its answer read, by the code that does so for a single question: its HTTP is
recorded and replayed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx2
from openai import AsyncOpenAI
from pydantic_ai.messages import ModelResponse
from pydantic_ai.models.batch import BatchRequest
from pydantic_ai.models.openai import OpenAIChatModel

# Private, yet the only reader of what OpenAI's errors mean; the version is pinned.
from pydantic_ai.models.openai._errors import map_api_errors

from workers.llm.providers.amending import amended

ENDPOINT: Final = "/v1/chat/completions"
WINDOW: Final = "24h"
KEPT_S = 2 * 86_400
"""Questions hold people's code, and files stay with the provider until they expire: soon after the batch has."""
RUNNING = frozenset({"validating", "in_progress", "finalizing", "cancelling"})
NOT_RUN = frozenset({"batch_expired", "batch_cancelled"})
OK = 200
NAME = "batch"
"""Stands for the model in errors that nobody reads."""
ANYTHING = {
    "id": "recorded",
    "object": "chat.completion",
    "created": 0,
    "model": "recorded",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "-"}}],
}


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one question; `status` 0: nothing, its batch ended before."""

    status: int
    body: Any


class ChatBatches:
    """`reopen` makes the same model with another client."""

    def __init__(self, client: AsyncOpenAI, reopen: Callable[[AsyncOpenAI], OpenAIChatModel]) -> None:
        self._client = client
        self._reopen = reopen

    async def create(self, requests: Sequence[BatchRequest]) -> str:
        """Upload the questions and start their batch; its id."""
        lines = [json.dumps(await self._line(request)) for request in requests]
        content = "\n".join(lines).encode()
        with map_api_errors(NAME):
            file = await self._client.files.create(
                file=("batch.jsonl", content),
                purpose="batch",
                expires_after={"anchor": "created_at", "seconds": KEPT_S},
            )
            batch = await self._client.batches.create(
                input_file_id=file.id,
                endpoint=ENDPOINT,
                completion_window=WINDOW,
                output_expires_after={"anchor": "created_at", "seconds": KEPT_S},
            )
        return batch.id

    async def lines(self, name: str) -> dict[str, Line] | None:
        """None while the batch runs, then what became of its questions; those that failed to start are missing."""
        with map_api_errors(NAME):
            batch = await self._client.batches.retrieve(name)
            if batch.status in RUNNING:
                return None
            files = filter(None, (batch.output_file_id, batch.error_file_id))
            texts = [(await self._client.files.content(file)).text for file in files]
        return dict(_read(line) for text in texts for line in text.splitlines() if line.strip())

    async def cancel(self, name: str) -> None:
        """Ask for the end of a batch that runs."""
        with map_api_errors(NAME):
            batch = await self._client.batches.retrieve(name)
            if batch.status in RUNNING - {"cancelling"}:
                await self._client.batches.cancel(name)

    async def decode(self, line: Line, request: BatchRequest) -> ModelResponse:
        """The answer in `line`; raises what asking alone would have raised."""
        body = amended(json.dumps(line.body).encode())
        return await self._ask(request, lambda _: _response(line.status, body))

    async def _line(self, request: BatchRequest) -> dict[str, Any]:
        recorded: list[bytes] = []

        def record(sent: httpx2.Request) -> httpx2.Response:
            recorded.append(sent.content)
            return _response(OK, json.dumps(ANYTHING).encode())

        await self._ask(request, record)
        body = json.loads(recorded[0])
        return {"custom_id": request.custom_id, "method": "POST", "url": ENDPOINT, "body": body}

    async def _ask(
        self, request: BatchRequest, answering: Callable[[httpx2.Request], httpx2.Response]
    ) -> ModelResponse:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(answering), trust_env=False) as http:
            model = self._reopen(
                AsyncOpenAI(api_key="none", base_url="http://replayed", http_client=http, max_retries=0)
            )
            return await model.request(
                request.messages, request.model_settings, request.model_request_parameters
            )


def _response(status: int, body: bytes) -> httpx2.Response:
    return httpx2.Response(status, content=body, headers={"content-type": "application/json"})


def _read(text: str) -> tuple[str, Line]:
    row = json.loads(text)
    response = row.get("response")
    if response:
        return row["custom_id"], Line(int(response["status_code"]), response["body"])
    code = (row.get("error") or {}).get("code")
    return row["custom_id"], Line(0 if code in NOT_RUN else 500, {})
