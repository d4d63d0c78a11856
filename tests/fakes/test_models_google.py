"""The scripted model server speaks Google's wire format: its own SDK reads all that it says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from google import genai
from google.genai import errors

from tests.fakes.listener import NO_TLS
from tests.fakes.models import (
    Answer,
    Failure,
    FakeGoogle,
    Reply,
    Tokens,
    blocked,
    context_too_long,
    filtered,
    forbidden,
    overloaded,
    quota_exhausted,
    rate_limited,
    server_error,
    too_large,
)

DECLARED: Any = {"function_declarations": [{"name": "report", "parameters_json_schema": {"type": "object"}}]}
HELLO: Any = [{"role": "user", "parts": [{"text": "hello"}]}]


@asynccontextmanager
async def talking(*answers: Answer) -> AsyncIterator[tuple[FakeGoogle, Any]]:
    # A client of ours: with aiohttp about, the SDK's own would be a subclass of a session, against which aiohttp warns.
    async with (
        FakeGoogle.serve(*answers) as models,
        httpx.AsyncClient(trust_env=False, verify=NO_TLS) as http,
    ):
        options: Any = {"base_url": models.url, "httpx_async_client": http}
        yield models, genai.Client(api_key=models.key, http_options=options).aio.models


async def ask(client: Any, **config: Any) -> Any:
    return await client.generate_content(model="fake-model", contents=HELLO, config=config)


async def post(models: FakeGoogle, body: Any, query: str = "", **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, verify=NO_TLS) as client:
        url = f"{models.url}/v1beta/models/fake-model:generateContent{query}"
        return await client.post(url, json=body, headers={"x-goog-api-key": models.key} | headers)


async def test_a_text_comes_as_a_part() -> None:
    async with talking("a plain answer") as (_, client):
        answer = await ask(client)
        assert (answer.text, answer.candidates[0].finish_reason.value) == ("a plain answer", "STOP")


async def test_a_mapping_becomes_a_call_of_the_declared_function() -> None:
    async with talking({"line": 3}) as (_, client):
        calling = {"function_calling_config": {"mode": "ANY"}}
        call = (await ask(client, tools=[DECLARED], tool_config=calling)).function_calls[0]
        assert (call.name, call.args) == ("report", {"line": 3})


async def test_a_stream_brings_text_reason_and_usage() -> None:
    async with talking("an answer that comes in several pieces") as (models, client):
        stream = await client.generate_content_stream(model="fake-model", contents=HELLO)
        chunks = [chunk async for chunk in stream]
        assert len(chunks) > 1
        assert "".join(chunk.text for chunk in chunks) == "an answer that comes in several pieces"
        assert chunks[-1].candidates[0].finish_reason.value == "STOP"
        assert chunks[-1].usage_metadata.candidates_token_count == 9
        assert models.requests[0].stream


async def test_a_stream_brings_a_call() -> None:
    async with talking({"line": 3}) as (_, client):
        stream = await client.generate_content_stream(
            model="fake-model", contents=HELLO, config={"tools": [DECLARED]}
        )
        chunks = [chunk async for chunk in stream]
        assert chunks[0].function_calls[0].args == {"line": 3}


async def test_structured_output_is_plain_text() -> None:
    schema = {"type": "object"}
    async with talking({"line": 3}) as (models, client):
        answer = await ask(client, response_mime_type="application/json", response_json_schema=schema)
        assert json.loads(answer.text) == {"line": 3}
        assert models.requests[0].schema == schema


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply("half", "length"), "MAX_TOKENS"),
        (filtered(), "SAFETY"),
        (Reply("", "RECITATION"), "RECITATION"),
        ("x" * 500, "MAX_TOKENS"),
    ],
)
async def test_an_answer_says_why_it_ended(answer: Answer, reason: str) -> None:
    async with talking(answer) as (_, client):
        candidate = (await ask(client, max_output_tokens=100)).candidates[0]
        assert candidate.finish_reason.value == reason


async def test_a_blocked_prompt_has_no_candidates() -> None:
    async with talking(blocked()) as (_, client):
        answer = await ask(client)
        assert (answer.candidates, answer.prompt_feedback.block_reason.value) == (None, "PROHIBITED_CONTENT")


@pytest.mark.parametrize(
    ("failure", "code", "status"),
    [
        (rate_limited(7), 429, "RESOURCE_EXHAUSTED"),
        (quota_exhausted(), 429, "RESOURCE_EXHAUSTED"),
        (forbidden(), 403, "PERMISSION_DENIED"),
        (too_large(), 400, "INVALID_ARGUMENT"),
        (server_error(), 500, "INTERNAL"),
        (overloaded(), 503, "UNAVAILABLE"),
        (context_too_long(), 400, "INVALID_ARGUMENT"),
        (Failure(504, "slow"), 504, "DEADLINE_EXCEEDED"),
    ],
)
async def test_failures_have_googles_form(failure: Failure, code: int, status: str) -> None:
    async with talking(failure) as (_, client):
        with pytest.raises(errors.APIError) as raised:
            await ask(client)
        assert (raised.value.code, raised.value.status) == (code, status)


async def test_a_rate_limit_names_its_wait_in_the_body() -> None:
    async with talking(rate_limited(7)) as (models, _):
        response = await post(models, {"contents": HELLO})
        assert "retry-after" not in response.headers
        assert response.json()["error"]["details"][-1]["retryDelay"] == "7s"


async def test_a_wrong_key_and_an_unknown_model_use_no_answer() -> None:
    async with talking("kept") as (models, client):
        wrong = await post(models, {"contents": HELLO}, **{"x-goog-api-key": "wrong"})
        assert wrong.status_code == 400
        assert wrong.json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"
        with pytest.raises(errors.ClientError, match="NOT_FOUND"):
            await client.generate_content(model="gemini-0", contents=HELLO)
        assert list(models.script) == ["kept"]


async def test_a_key_in_the_address_is_refused_and_none_is_kept() -> None:
    async with talking("kept") as (models, client):
        assert (await post(models, {"contents": HELLO}, f"?key={models.key}")).status_code == 400
        await ask(client)
        assert all(models.key not in str(dict(one.headers)) + one.raw for one in models.requests)


@pytest.mark.parametrize(
    "fields",
    [
        {"contents": []},
        {"contents": [{"role": "system", "parts": [{"text": "x"}]}]},
        {"contents": [{"role": "user", "parts": []}]},
        {"contents": [{"role": "user", "parts": [{}]}]},
        {"unknown": 1},
        {"generationConfig": {"unknown": 1}},
        {"generationConfig": {"responseJsonSchema": {"type": "object"}}},
        {"generationConfig": {"maxOutputTokens": 0}},
        {"tools": [{"functionDeclarations": [{}]}]},
        {"toolConfig": {"functionCallingConfig": {"mode": "SOMETIMES"}}},
        {"toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["other"]}}},
    ],
)
async def test_malformed_requests_are_refused(fields: dict[str, Any]) -> None:
    async with talking("kept") as (models, _):
        response = await post(models, {"contents": HELLO, **fields})
        assert (response.status_code, response.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
        assert list(models.script) == ["kept"]


async def test_a_shared_beginning_is_counted_as_cached() -> None:
    async with talking("one", "two") as (_, client):
        for question in ("a", "b"):
            contents = ["s" * 8192, question]
            answer = await client.generate_content(model="fake-model", contents=contents)
        assert answer.usage_metadata.cached_content_token_count == 2048


async def test_scripted_usage_is_reported_with_the_thoughts_apart() -> None:
    tokens = Tokens(1000, 50, cached=700, reasoning=20)
    async with talking(Reply("ok", tokens=tokens)) as (_, client):
        used = (await ask(client)).usage_metadata
        assert (used.prompt_token_count, used.cached_content_token_count) == (1000, 700)
        assert (used.candidates_token_count, used.thoughts_token_count) == (30, 20)
        assert used.total_token_count == 1050


async def test_models_are_listed() -> None:
    async with talking() as (_, client):
        assert [model.name async for model in await client.list()] == ["models/fake-model"]
