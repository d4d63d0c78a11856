"""The scripted model server speaks OpenAI's wire format, and fails in its ways."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from openai import AsyncOpenAI

from tests.fakes.listener import NO_TLS
from tests.fakes.models import (
    Disconnect,
    FakeOpenAI,
    Half,
    ModelRequest,
    Reply,
    Silence,
    Tokens,
    Wrapped,
    context_too_long,
    filtered,
    quota_exhausted,
    rate_limited,
    server_error,
)

TOOL = {"type": "function", "function": {"name": "report", "parameters": {"type": "object"}}}


async def ask(models: FakeOpenAI, *, key: str | None = None, **fields: Any) -> httpx.Response:
    body = {"model": "fake-model", "messages": [{"role": "user", "content": "hello"}], **fields}
    headers = {"authorization": f"Bearer {key or models.key}"}
    async with httpx.AsyncClient(trust_env=False, verify=NO_TLS) as client:
        return await client.post(f"{models.url}/chat/completions", json=body, headers=headers)


def content(response: httpx.Response) -> Any:
    return response.json()["choices"][0]["message"]["content"]


async def test_answers_come_in_the_scripted_order() -> None:
    async with FakeOpenAI.serve("one", {"two": 2}) as models:
        assert content(await ask(models)) == "one"
        assert json.loads(content(await ask(models, response_format={"type": "json_object"}))) == {"two": 2}


async def test_a_mapping_becomes_a_call_of_the_offered_tool() -> None:
    async with FakeOpenAI.serve({"line": 3}) as models:
        choice = (await ask(models, tools=[TOOL])).json()["choices"][0]
        assert choice["finish_reason"] == "tool_calls"
        function = choice["message"]["tool_calls"][0]["function"]
        assert (function["name"], json.loads(function["arguments"])) == ("report", {"line": 3})


async def test_a_callable_sees_the_request_and_decides() -> None:
    def echo(request: ModelRequest) -> str:
        return request.text.upper()

    async with FakeOpenAI.serve(default=echo) as models:
        assert content(await ask(models)) == "HELLO"
        assert content(await ask(models)) == "HELLO"


async def test_an_openai_client_reads_answers_and_streams() -> None:
    async with (
        FakeOpenAI.serve("a plain answer", "an answer that comes in several pieces", {"line": 1}) as models,
        AsyncOpenAI(api_key=models.key, base_url=models.url, max_retries=0) as client,
    ):
        messages: Any = [{"role": "user", "content": "hello"}]
        whole = await client.chat.completions.create(model="fake-model", messages=messages)
        assert whole.choices[0].message.content == "a plain answer"
        stream: Any = await client.chat.completions.create(
            model="fake-model", messages=messages, stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in stream]
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert text == "an answer that comes in several pieces"
        assert chunks[-1].usage.completion_tokens > 0
        tools: Any = [TOOL]
        calls: Any = await client.chat.completions.create(
            model="fake-model", messages=messages, tools=tools, stream=True
        )
        deltas = [call async for chunk in calls for call in chunk.choices[0].delta.tool_calls or []]
        assert deltas[0].function.arguments == '{"line": 1}'
        assert [model.id async for model in client.models.list()] == ["fake-model"]


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (rate_limited(7), 429, "rate_limit_exceeded"),
        (quota_exhausted(), 429, "insufficient_quota"),
        (server_error(503), 503, None),
        (context_too_long(), 400, "context_length_exceeded"),
    ],
)
async def test_failures_have_openais_form(failure: Any, status: int, code: str | None) -> None:
    async with FakeOpenAI.serve(failure) as models:
        response = await ask(models)
        assert (response.status_code, response.json()["error"]["code"]) == (status, code)


async def test_a_rate_limit_names_its_wait() -> None:
    async with FakeOpenAI.serve(rate_limited(7)) as models:
        assert (await ask(models)).headers["retry-after"] == "7"


async def test_a_wrong_key_is_refused_and_uses_no_answer() -> None:
    async with FakeOpenAI.serve("kept") as models:
        assert (await ask(models, key="sk-wrong")).status_code == 401
        assert content(await ask(models)) == "kept"


async def test_an_unknown_model_is_not_found() -> None:
    async with FakeOpenAI.serve("kept") as models:
        assert (await ask(models, model="gpt-0")).json()["error"]["code"] == "model_not_found"


@pytest.mark.parametrize(
    "fields",
    [
        {"messages": []},
        {"messages": [{"role": "wizard", "content": ""}]},
        {"response_format": {"type": "xml"}},
        {"response_format": {"type": "json_schema", "json_schema": {}}},
        {"tools": [{"type": "function", "function": {}}]},
    ],
)
async def test_malformed_requests_are_refused(fields: dict[str, Any]) -> None:
    async with FakeOpenAI.serve("kept") as models:
        assert (await ask(models, **fields)).status_code == 400
        assert list(models.script) == ["kept"]


async def test_an_empty_script_is_an_error() -> None:
    async with FakeOpenAI.serve() as models:
        assert (await ask(models)).status_code == 500


async def test_prose_around_json() -> None:
    async with FakeOpenAI.serve(Wrapped({"a": 1})) as models:
        text = content(await ask(models))
        assert '{"a": 1}' in text
        assert not text.startswith("{")


async def test_half_json_ends_for_length() -> None:
    async with FakeOpenAI.serve(Half({"a": 1})) as models:
        choice = (await ask(models)).json()["choices"][0]
        assert (choice["message"]["content"], choice["finish_reason"]) == ('{"a"', "length")


async def test_a_filtered_answer_says_so() -> None:
    async with FakeOpenAI.serve(filtered()) as models:
        choice = (await ask(models)).json()["choices"][0]
        assert (choice["message"]["content"], choice["finish_reason"]) == (None, "content_filter")


async def test_an_answer_is_cut_at_the_output_limit() -> None:
    async with FakeOpenAI.serve("x" * 100) as models:
        choice = (await ask(models, max_completion_tokens=5)).json()["choices"][0]
        assert (choice["message"]["content"], choice["finish_reason"]) == ("x" * 20, "length")


async def test_a_shared_beginning_is_counted_as_cached() -> None:
    async with FakeOpenAI.serve("one", "two") as models:
        prefix = [{"role": "system", "content": "s" * 8192}]
        for question in ("a", "b"):
            response = await ask(models, messages=[*prefix, {"role": "user", "content": question}])
        assert response.json()["usage"]["prompt_tokens_details"]["cached_tokens"] == 2048


async def test_scripted_usage_is_reported() -> None:
    async with FakeOpenAI.serve(Reply("ok", tokens=Tokens(100, 20, 64))) as models:
        usage = (await ask(models)).json()["usage"]
        assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (100, 20, 120)


async def test_silence_ends_when_the_client_gives_up() -> None:
    async with FakeOpenAI.serve(Silence(3600, "too late")) as models:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await ask(models)
        async with asyncio.timeout(5):
            await models.idle()


async def test_silence_doesnt_hold_up_the_shutdown() -> None:
    async with FakeOpenAI.serve(Silence(3600)) as models:
        waiting = asyncio.create_task(ask(models))
        async with asyncio.timeout(5):
            await models.busy()
    with pytest.raises(httpx.TransportError):
        await waiting


async def test_a_disconnect_breaks_the_connection() -> None:
    async with FakeOpenAI.serve(Disconnect()) as models:
        with pytest.raises(httpx.TransportError):
            await ask(models)


async def test_the_log_keeps_bodies_and_never_the_key() -> None:
    async with FakeOpenAI.serve("ok") as models:
        await ask(models)
        assert '"hello"' in models.sent.replace(" ", "")
        assert models.key not in models.sent
        assert "authorization" not in models.requests[0].headers


async def test_concurrent_requests_are_counted() -> None:
    async with FakeOpenAI.serve(default="ok", latency_s=0.05) as models:
        await asyncio.gather(*(ask(models) for _ in range(3)))
        assert models.in_flight_max == 3
