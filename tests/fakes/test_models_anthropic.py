"""The scripted model server speaks Anthropic's wire format: its own SDK reads all that it says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anthropic
import httpx
import pytest
from anthropic import AsyncAnthropic

from tests.fakes.listener import NO_TLS
from tests.fakes.models import (
    Answer,
    Failure,
    FakeAnthropic,
    Reply,
    Tokens,
    context_too_long,
    filtered,
    forbidden,
    overloaded,
    quota_exhausted,
    rate_limited,
    server_error,
    too_large,
)

TOOL: Any = {"name": "report", "description": "d", "input_schema": {"type": "object"}}
HELLO: Any = [{"role": "user", "content": "hello"}]
LONG = "s" * 8192


@asynccontextmanager
async def talking(*answers: Answer) -> AsyncIterator[tuple[FakeAnthropic, AsyncAnthropic]]:
    async with (
        FakeAnthropic.serve(*answers) as models,
        AsyncAnthropic(api_key=models.key, base_url=models.url, max_retries=0) as client,
    ):
        yield models, client


async def ask(client: AsyncAnthropic, **fields: Any) -> Any:
    return await client.messages.create(
        **{"model": "fake-model", "messages": HELLO, "max_tokens": 100, **fields}
    )


async def post(models: FakeAnthropic, body: Any, **headers: str) -> httpx.Response:
    named = {"x-api-key": models.key, "anthropic-version": "2023-06-01"} | headers
    async with httpx.AsyncClient(trust_env=False, verify=NO_TLS) as client:
        return await client.post(f"{models.url}/v1/messages", json=body, headers=named)


async def test_a_text_comes_as_a_block() -> None:
    async with talking("a plain answer") as (_, client):
        message = await ask(client)
        assert (message.content[0].text, message.stop_reason) == ("a plain answer", "end_turn")


async def test_a_mapping_becomes_a_use_of_the_offered_tool() -> None:
    async with talking({"line": 3}) as (_, client):
        message = await ask(client, tools=[TOOL], tool_choice={"type": "tool", "name": "report"})
        assert (message.content[0].name, message.content[0].input) == ("report", {"line": 3})
        assert message.stop_reason == "tool_use"


async def test_a_stream_brings_text_usage_and_reason() -> None:
    async with talking("an answer that comes in several pieces") as (_, client):
        async with client.messages.stream(model="fake-model", messages=HELLO, max_tokens=100) as stream:
            text = [piece async for piece in stream.text_stream]
            message = await stream.get_final_message()
        assert len(text) > 1
        assert "".join(text) == "an answer that comes in several pieces"
        assert (message.stop_reason, message.usage.output_tokens) == ("end_turn", 9)


async def test_a_stream_brings_the_arguments_of_a_tool() -> None:
    async with talking({"line": 3, "why": "because it is a long text"}) as (_, client):
        async with client.messages.stream(
            model="fake-model", messages=HELLO, max_tokens=100, tools=[TOOL]
        ) as stream:
            message: Any = await stream.get_final_message()
        assert message.content[0].input == {"line": 3, "why": "because it is a long text"}


async def test_structured_output_is_plain_text() -> None:
    schema = {"type": "object", "properties": {}, "additionalProperties": False}
    async with talking({"line": 3}) as (models, client):
        message = await ask(client, output_config={"format": {"type": "json_schema", "schema": schema}})
        assert json.loads(message.content[0].text) == {"line": 3}
        assert models.requests[0].schema == schema


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(Reply("half", "length"), "max_tokens"), (filtered(), "refusal"), ("x" * 500, "max_tokens")],
)
async def test_an_answer_says_why_it_ended(answer: Answer, reason: str) -> None:
    async with talking(answer) as (_, client):
        assert (await ask(client)).stop_reason == reason


@pytest.mark.parametrize(
    ("failure", "status", "kind"),
    [
        (rate_limited(7), 429, "rate_limit_error"),
        (forbidden(), 403, "permission_error"),
        (too_large(), 413, "request_too_large"),
        (server_error(), 500, "api_error"),
        (overloaded(), 529, "overloaded_error"),
        (context_too_long(), 400, "invalid_request_error"),
        (quota_exhausted(), 400, "invalid_request_error"),
        (Failure(504, "slow"), 504, "timeout_error"),
    ],
)
async def test_failures_have_anthropics_form(failure: Failure, status: int, kind: str) -> None:
    async with talking(failure) as (_, client):
        with pytest.raises(anthropic.APIStatusError) as raised:
            await ask(client)
        body: Any = raised.value.body
        assert (raised.value.status_code, body["type"], body["error"]["type"]) == (status, "error", kind)


async def test_a_rate_limit_names_its_wait() -> None:
    async with talking(rate_limited(7)) as (_, client):
        with pytest.raises(anthropic.RateLimitError) as raised:
            await ask(client)
        assert raised.value.response.headers["retry-after"] == "7"


async def test_a_wrong_key_and_an_unknown_model_use_no_answer() -> None:
    async with talking("kept") as (models, client):
        with pytest.raises(anthropic.AuthenticationError):
            await ask(client.with_options(api_key="sk-wrong"))
        with pytest.raises(anthropic.NotFoundError):
            await ask(client, model="claude-0")
        assert list(models.script) == ["kept"]


async def test_the_key_may_come_as_a_bearer_and_is_never_kept() -> None:
    async with talking("one", "two") as (models, client):
        await ask(client)
        bearer = {"authorization": f"Bearer {models.key}"}
        assert (await post(models, {"model": "fake-model", "max_tokens": 5, "messages": HELLO})).is_success
        assert (await post(models, {}, **bearer)).status_code == 401  # two keys at once are none
        assert all(models.key not in str(dict(one.headers)) + one.raw for one in models.requests)


async def test_the_version_must_be_named() -> None:
    async with talking("kept") as (models, _), httpx.AsyncClient(trust_env=False, verify=NO_TLS) as client:
        url, headers = f"{models.url}/v1/messages", {"x-api-key": models.key}
        assert (await client.post(url, json={}, headers=headers)).status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"max_tokens": None},
        {"max_tokens": 0},
        {"unknown": 1},
        {"temperature": 1.5},
        {"messages": []},
        {"messages": [{"role": "system", "content": "x"}]},
        {"messages": [{"role": "assistant", "content": "x"}]},
        {"messages": [*HELLO, *HELLO]},
        {"messages": [{"role": "user", "content": ""}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]},
        {"messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t"}]}]},
        {"system": [{"type": "text", "text": ""}]},
        {"system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral"}}] * 5},
        {"system": [{"type": "text", "text": "s", "cache_control": {"type": "eternal"}}]},
        {"tool_choice": {"type": "any"}},
        {"tools": [TOOL], "tool_choice": {"type": "tool", "name": "other"}},
        {"tools": [{"name": "report"}]},
        {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
    ],
)
async def test_malformed_requests_are_refused(fields: dict[str, Any]) -> None:
    async with talking("kept") as (models, _):
        body = {"model": "fake-model", "max_tokens": 100, "messages": HELLO, **fields}
        response = await post(models, body)
        assert (response.status_code, response.json()["error"]["type"]) == (400, "invalid_request_error")
        assert list(models.script) == ["kept"]


async def test_a_marked_beginning_is_written_once_and_read_afterwards() -> None:
    marked: Any = {"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}
    async with talking("one", "two") as (_, client):
        used = []
        for question in ("abcdefgh", "ijklmnop"):
            content = [marked, {"type": "text", "text": question}]
            used.append((await ask(client, messages=[{"role": "user", "content": content}])).usage)
        counts = [
            (one.input_tokens, one.cache_creation_input_tokens, one.cache_read_input_tokens) for one in used
        ]
        assert counts == [(2, 2048, 0), (2, 0, 2048)]


async def test_what_is_marked_for_an_hour_is_counted_apart() -> None:
    system: Any = [
        {"type": "text", "text": LONG, "cache_control": {"type": "ephemeral", "ttl": "1h"}},
        {"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}},
    ]
    async with talking("one") as (_, client):
        written = (await ask(client, system=system)).usage.cache_creation
        assert (written.ephemeral_1h_input_tokens, written.ephemeral_5m_input_tokens) == (2048, 2048)


async def test_questions_asked_at_once_all_write() -> None:
    marked: Any = [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}]
    async with talking("one", "two") as (models, client):
        models.latency_s = 0.2
        both = await asyncio.gather(ask(client, system=marked), ask(client, system=marked))
        assert [one.usage.cache_creation_input_tokens for one in both] == [2048, 2048]


async def test_without_a_mark_nothing_is_cached() -> None:
    async with talking("one", "two") as (_, client):
        for _repeat in range(2):
            usage = (await ask(client, system=LONG)).usage
        assert (usage.cache_read_input_tokens, usage.cache_creation_input_tokens) == (0, 0)


async def test_scripted_usage_is_reported_without_the_cached_tokens() -> None:
    async with talking(Reply("ok", tokens=Tokens(1000, 50, cached=700, written=100))) as (_, client):
        usage = (await ask(client)).usage
        assert (usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens) == (200, 50, 700)


async def test_models_are_listed() -> None:
    async with talking() as (_, client):
        assert [model.id async for model in client.models.list()] == ["fake-model"]
