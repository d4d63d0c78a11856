"""The scripted model server speaks OpenRouter's wire format: who answered, and what it cost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI

from tests.fakes.models import (
    Answer,
    FakeOpenRouter,
    Inside,
    Reply,
    Tokens,
    overloaded,
    payment_required,
    quota_exhausted,
)

HELLO: Any = [{"role": "user", "content": "hello"}]


@asynccontextmanager
async def talking(*answers: Answer) -> AsyncIterator[tuple[FakeOpenRouter, AsyncOpenAI]]:
    async with (
        FakeOpenRouter.serve(*answers) as models,
        AsyncOpenAI(api_key=models.key, base_url=models.url, max_retries=0) as client,
    ):
        yield models, client


async def ask(client: AsyncOpenAI, **fields: Any) -> Any:
    return await client.chat.completions.create(**{"model": "fake-model", "messages": HELLO, **fields})


async def test_an_answer_names_its_provider_and_its_cost() -> None:
    async with talking(Reply("ok", tokens=Tokens(1000, 100, cached=500))) as (_, client):
        answer = await ask(client)
        assert (answer.provider, answer.choices[0].native_finish_reason) == ("FakeHost", "stop")
        assert answer.usage.cost == pytest.approx(0.00105)


async def test_a_stream_begins_with_a_comment_and_ends_with_the_cost() -> None:
    async with talking("an answer that comes in several pieces") as (_, client):
        stream = await ask(client, stream=True, stream_options={"include_usage": True})
        chunks = [chunk async for chunk in stream]
        assert {chunk.provider for chunk in chunks} == {"FakeHost"}
        assert chunks[-1].usage.cost > 0


@pytest.mark.parametrize("failure", [payment_required(), quota_exhausted()])
async def test_without_credits_payment_is_required(failure: Answer) -> None:
    async with talking(failure) as (_, client):
        with pytest.raises(openai.APIStatusError) as raised:
            await ask(client)
        body: Any = raised.value.body
        assert (raised.value.status_code, body["code"]) == (402, 402)


async def test_a_failure_can_hide_in_a_success() -> None:
    async with talking(Inside(overloaded(502))) as (_, client):
        answer = await ask(client)
        assert (answer.choices, answer.error["code"]) == (None, 502)


async def test_an_unknown_model_is_a_bad_request() -> None:
    async with talking("kept") as (_, client):
        with pytest.raises(openai.BadRequestError, match="not a valid model ID"):
            await ask(client, model="nobody/nothing")


async def test_who_asks_is_recorded() -> None:
    async with talking("ok") as (models, client):
        await ask(client, extra_headers={"HTTP-Referer": "https://quorum.example", "X-Title": "Quorum"})
        headers = models.requests[0].headers
        assert (headers["http-referer"], headers["x-title"]) == ("https://quorum.example", "Quorum")


async def test_models_are_listed_with_prices() -> None:
    async with talking() as (_, client):
        rows: Any = [model async for model in client.models.list()]
        assert rows[0].pricing == {"prompt": "0.00000100", "completion": "0.00000500"}
