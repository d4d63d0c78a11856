"""The provider against a real server: what is sent, what comes back, how each failure reads."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import get_args

import pytest

from config.catalogue import OutputMode, Wire
from tests.fakes.models import (
    Answer,
    Disconnect,
    Failure,
    FakeOpenAI,
    Half,
    Silence,
    Tokens,
    ToolCall,
    Wrapped,
    context_too_long,
    filtered,
    model_not_found,
    quota_exhausted,
    rate_limited,
    server_error,
    unauthorised,
)
from tests.fakes.models.answers import Reply
from tests.fakes.models.server import KEY
from tests.workers.llm.providers.serving import remote
from workers.llm import provider as seam
from workers.llm.provider import ProviderError, Question, Turn
from workers.llm.providers.connections import BODY_MAX_BYTES
from workers.llm.providers.remote import RemoteModel

NOWHERE = "http://127.0.0.1:1/v1"
SCHEMA = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"], "title": "Number"}
QUESTION = Question("be careful", (Turn("user", "what is x?"),), SCHEMA, "Number", 200, 5.0)
MODES: tuple[OutputMode, ...] = get_args(OutputMode)


@asynccontextmanager
async def served(
    *answers: Answer, mode: OutputMode = "prompted", key: str = KEY
) -> AsyncIterator[tuple[FakeOpenAI, RemoteModel]]:
    async with FakeOpenAI.serve(*answers) as server:
        provider = remote(Wire.OPENAI, server.url, mode=mode, key=key)
        try:
            yield server, provider
        finally:
            await provider.close()


async def failure(*answers: Answer, key: str = KEY) -> ProviderError:
    async with served(*answers, key=key) as (_, provider):
        with pytest.raises(ProviderError) as caught:
            await provider.ask(QUESTION)
    return caught.value


@pytest.mark.parametrize("mode", MODES)
async def test_each_output_mode_brings_the_answer(mode: OutputMode) -> None:
    async with served({"x": 1}, mode=mode) as (_, provider):
        answer = await provider.ask(QUESTION)
    assert json.loads(answer.text) == {"x": 1}


async def test_tool_mode_offers_one_tool_and_demands_it() -> None:
    async with served({"x": 1}, mode="tool") as (server, provider):
        await provider.ask(QUESTION)
    assert server.requests[0].body["tool_choice"] == "required"
    assert [tool["name"] for tool in server.requests[0].tools] == ["answer"]


async def test_native_mode_sends_the_schema() -> None:
    async with served({"x": 1}, mode="native") as (server, provider):
        await provider.ask(QUESTION)
    assert server.requests[0].schema is not None
    assert server.requests[0].schema["required"] == ["x"]


async def test_prompted_mode_tells_the_schema_in_the_only_system_message() -> None:
    async with served({"x": 1}) as (server, provider):
        await provider.ask(QUESTION)
    system, user = server.requests[0].messages
    assert system["content"].startswith("be careful\n\nAnswer with one JSON object")
    assert '"required":["x"]' in system["content"]
    assert (user["role"], user["content"]) == ("user", "what is x?")


async def test_the_answers_length_is_always_limited_and_nothing_is_streamed() -> None:
    async with served({"x": 1}) as (server, provider):
        await provider.ask(QUESTION)
    assert server.requests[0].output_max_tokens == 200
    assert not server.requests[0].stream


async def test_usage_tells_cached_tokens_apart() -> None:
    async with served(Reply('{"x": 1}', tokens=Tokens(700, 20, 512))) as (_, provider):
        answer = await provider.ask(QUESTION)
    assert (answer.input_tokens, answer.cached_tokens, answer.output_tokens) == (700, 512, 20)


async def test_text_around_json_is_handed_on() -> None:
    async with served(Wrapped({"x": 1})) as (_, provider):
        assert "Sure!" in (await provider.ask(QUESTION)).text


async def test_a_cut_answer_says_so() -> None:
    async with served(Half({"x": 1})) as (_, provider):
        assert (await provider.ask(QUESTION)).truncated


async def test_a_broken_tool_call_is_text_for_the_parser() -> None:
    async with served(ToolCall('{"x": '), mode="tool") as (_, provider):
        assert (await provider.ask(QUESTION)).text == '{"x": '


@pytest.mark.parametrize(
    ("answer", "kind", "retryable"),
    [
        (rate_limited(), "rate limited", True),
        (server_error(500), "unavailable", True),
        (server_error(503), "unavailable", True),
        (server_error(529), "unavailable", True),
        (Disconnect(), "unavailable", True),
        (unauthorised(), "unauthorised", False),
        (model_not_found("fake-model"), "not found", False),
        (context_too_long(), "context too long", False),
        (quota_exhausted(), "quota", False),
        (filtered(), "refused", False),
        (Failure(400, "no such parameter"), "refused", False),
        (Failure(302, "moved", headers={"location": "http://127.0.0.1:1/v1"}), "unavailable", False),
    ],
)
async def test_failures_have_a_kind(answer: Answer, kind: str, retryable: bool) -> None:
    error = await failure(answer)
    assert (error.kind, error.retryable) == (kind, retryable)


async def test_the_wait_that_was_asked_for_is_known() -> None:
    assert (await failure(rate_limited(7))).retry_after_s == 7.0


async def test_nothing_is_retried_below_the_gateway() -> None:
    async with served(rate_limited(), {"x": 1}) as (server, provider):
        with pytest.raises(ProviderError):
            await provider.ask(QUESTION)
    assert len(server.requests) == 1


async def test_silence_is_a_timeout() -> None:
    async with served(Silence(500)) as (_, provider):
        quick = Question("", (Turn("user", "x?"),), SCHEMA, "Number", 200, 0.1)
        with pytest.raises(ProviderError) as caught:
            await provider.ask(quick)
    assert (caught.value.kind, caught.value.may_cost) == ("timeout", True)


async def test_an_endpoint_that_is_not_there_is_unavailable_and_free() -> None:
    provider = remote(Wire.OPENAI, NOWHERE)
    with pytest.raises(ProviderError) as caught:
        await provider.ask(QUESTION)
    await provider.close()
    assert (caught.value.kind, caught.value.may_cost) == ("unavailable", False)


async def test_errors_repeat_nothing_that_the_endpoint_sent() -> None:
    leaky = Failure(401, f"Incorrect API key provided: {KEY}", f"code-{KEY}")
    error = await failure(leaky)
    assert KEY not in repr(error)
    assert (error.__cause__, error.__context__) == (None, None)


async def test_the_key_is_in_no_representation() -> None:
    provider = remote(Wire.OPENAI, NOWHERE)
    assert KEY not in f"{provider!r} {vars(provider)!r}"


async def test_questions_and_answers_keep_their_text_out_of_representations() -> None:
    assert "what is x?" not in repr(QUESTION)
    assert "secret" not in repr(seam.Answer("secret", 1, 0, 1))


async def test_the_wrong_key_is_refused() -> None:
    assert (await failure({"x": 1}, key="sk-wrong")).kind == "unauthorised"


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    async with served("x" * (BODY_MAX_BYTES + 1)) as (_, provider):
        endless = Question("", (Turn("user", "x?"),), SCHEMA, "Number", BODY_MAX_BYTES, 5.0)
        with pytest.raises(ProviderError) as caught:
            await provider.ask(endless)
    assert caught.value.kind == "unavailable"


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    async with served({"x": 1}) as (_, provider):
        assert (await provider.ask(QUESTION)).text == '{"x": 1}'


async def test_libraries_of_models_are_not_imported_before_the_first_question() -> None:
    """The libraries take over a second to import, and a worker without a model never needs them."""
    probe = (
        "import sys, workers.llm.gateway\n"
        "from pydantic import SecretStr\n"
        "from config.catalogue import ModelSpec, ProviderSpec\n"
        "from workers.llm.providers.registry import open_provider\n"
        "spec = ModelSpec(name='m', provider='p', family='f', quality=5, context_tokens=9000)\n"
        "open_provider(spec, ProviderSpec(name='p'), 'http://x/v1', SecretStr(''))\n"
        "print([name for name in ('pydantic_ai', 'openai', 'httpx2', 'genai_prices') if name in sys.modules])"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", probe, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out.decode().strip() == "[]"


async def test_libraries_can_be_imported_ahead_of_the_first_question() -> None:
    """Asked twice, they are loaded once; closing waits for them."""
    provider = remote(Wire.OPENAI, NOWHERE)
    loading = provider.load()
    assert provider.load() is loading
    await provider.close()
    assert loading.done()
