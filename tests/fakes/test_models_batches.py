"""Batches of questions end when they are told to, over each wire's own SDK."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anthropic
import openai
import pytest
from anthropic import AsyncAnthropic
from openai import AsyncOpenAI

from tests.fakes.models import Answer, FakeAnthropic, FakeOpenAI, overloaded, server_error

HELLO: Any = [{"role": "user", "content": "hello"}]


@asynccontextmanager
async def openai_talk(*answers: Answer) -> AsyncIterator[tuple[FakeOpenAI, AsyncOpenAI]]:
    async with (
        FakeOpenAI.serve(*answers) as models,
        AsyncOpenAI(api_key=models.key, base_url=models.url, max_retries=0) as client,
    ):
        yield models, client


@asynccontextmanager
async def anthropic_talk(*answers: Answer) -> AsyncIterator[tuple[FakeAnthropic, AsyncAnthropic]]:
    async with (
        FakeAnthropic.serve(*answers) as models,
        AsyncAnthropic(api_key=models.key, base_url=models.url, max_retries=0) as client,
    ):
        yield models, client


def line(name: str, **fields: Any) -> dict[str, Any]:
    body = {"model": "fake-model", "messages": HELLO, **fields}
    return {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body}


async def submit(client: AsyncOpenAI, *lines: dict[str, Any]) -> Any:
    content = "\n".join(json.dumps(one) for one in lines).encode()
    file = await client.files.create(file=("batch.jsonl", content), purpose="batch")
    return await client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
    )


async def poll(client: AsyncOpenAI, batch: Any) -> Any:
    return await client.batches.retrieve(batch.id)


async def rows(client: AsyncOpenAI, file_id: str | None) -> list[Any]:
    assert file_id is not None
    return [json.loads(one) for one in (await client.files.content(file_id)).text.splitlines()]


def params(name: str, **fields: Any) -> Any:
    return {
        "custom_id": name,
        "params": {"model": "fake-model", "max_tokens": 9, "messages": HELLO, **fields},
    }


async def results(client: AsyncAnthropic, batch_id: str) -> dict[str, Any]:
    return {row.custom_id: row.result async for row in await client.messages.batches.results(batch_id)}


async def test_an_openai_batch_waits_and_then_has_its_answers_in_a_file() -> None:
    async with openai_talk("one", "two") as (models, client):
        batch: Any = await submit(client, line("a"), line("b"))
        assert (batch.status, batch.request_counts.total) == ("in_progress", 2)
        await models.finish_batches()
        batch = await poll(client, batch)
        assert (batch.status, batch.request_counts.completed) == ("completed", 2)
        said = {
            row["custom_id"]: row["response"]["body"]["choices"][0]["message"]["content"]
            for row in await rows(client, batch.output_file_id)
        }
        assert said == {"a": "one", "b": "two"}


async def test_a_batch_ends_after_so_many_looks() -> None:
    async with openai_talk("one") as (models, client):
        models.batches.after_polls = 2
        batch = await submit(client, line("a"))
        seen = [(await client.batches.retrieve(batch.id)).status for _ in range(3)]
        assert seen == ["in_progress", "in_progress", "completed"]


async def test_what_an_openai_batch_refuses_stands_in_the_file_of_errors() -> None:
    async with openai_talk("one", server_error()) as (models, client):
        batch = await submit(client, line("a"), line("b"), line("c", model="gpt-0"))
        await models.finish_batches()
        batch = await client.batches.retrieve(batch.id)
        errors = await rows(client, batch.error_file_id)
        assert {row["custom_id"]: row["response"]["status_code"] for row in errors} == {"b": 500, "c": 404}


async def test_a_cancelled_openai_batch_asks_nothing_more() -> None:
    async with openai_talk("kept") as (models, client):
        batch = await submit(client, line("a"))
        assert (await client.batches.cancel(batch.id)).status == "cancelling"
        batch = await client.batches.retrieve(batch.id)
        assert (batch.status, list(models.script)) == ("cancelled", ["kept"])
        assert (await rows(client, batch.error_file_id))[0]["error"]["code"] == "batch_cancelled"


@pytest.mark.parametrize(
    "lines", [[], [line("a"), line("a")], [line("a") | {"url": "/v1/embeddings"}], [line("")]]
)
async def test_an_openai_batch_with_a_bad_file_fails(lines: list[Any]) -> None:
    async with openai_talk() as (_, client):
        batch = await submit(client, *lines)
        assert (batch.status, len(batch.errors.data)) == ("failed", 1)


async def test_files_can_be_deleted() -> None:
    async with openai_talk() as (_, client):
        file = await client.files.create(file=("batch.jsonl", b"{}"), purpose="batch")
        assert (await client.files.delete(file.id)).deleted
        with pytest.raises(openai.NotFoundError):
            await client.files.content(file.id)


async def test_an_anthropic_batch_waits_and_then_has_its_results() -> None:
    async with anthropic_talk("one", overloaded()) as (models, client):
        requests = [params("a"), params("b"), params("c", max_tokens=0)]
        batch = await client.messages.batches.create(requests=requests)
        assert (batch.processing_status, batch.request_counts.processing) == ("in_progress", 3)
        await models.finish_batches()
        batch = await client.messages.batches.retrieve(batch.id)
        counts = batch.request_counts
        assert (batch.processing_status, counts.succeeded, counts.errored) == ("ended", 1, 2)
        found = await results(client, batch.id)
        assert found["a"].message.content[0].text == "one"
        assert found["b"].error.error.type == "overloaded_error"
        assert found["c"].error.error.type == "invalid_request_error"


async def test_an_open_anthropic_batch_has_no_results() -> None:
    async with anthropic_talk("one") as (_, client):
        batch = await client.messages.batches.create(requests=[params("a")])
        with pytest.raises(anthropic.AnthropicError):
            await results(client, batch.id)


async def test_a_cancelled_anthropic_batch_says_what_was_not_asked() -> None:
    async with anthropic_talk("kept") as (models, client):
        batch = await client.messages.batches.create(requests=[params("a")])
        assert (await client.messages.batches.cancel(batch.id)).processing_status == "canceling"
        batch = await client.messages.batches.retrieve(batch.id)
        assert (batch.processing_status, batch.request_counts.canceled) == ("ended", 1)
        assert (await results(client, batch.id))["a"].type == "canceled"
        assert list(models.script) == ["kept"]


@pytest.mark.parametrize("names", [["a", "a"], ["not a name"], []])
async def test_a_malformed_anthropic_batch_is_refused(names: list[str]) -> None:
    async with anthropic_talk() as (_, client):
        with pytest.raises(anthropic.BadRequestError):
            await client.messages.batches.create(requests=[params(name) for name in names])


async def test_a_wrong_key_opens_no_batch() -> None:
    async with anthropic_talk() as (models, client):
        with pytest.raises(anthropic.AuthenticationError):
            await client.with_options(api_key="sk-wrong").messages.batches.create(requests=[params("a")])
        assert not models.batches.jobs
