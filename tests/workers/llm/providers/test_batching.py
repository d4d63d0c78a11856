"""Batches: handed in, asked about with a ticket, answered one by one, cancelled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from pydantic import SecretStr

from config.catalogue import ModelSpec, OutputMode, ProviderSpec, Wire
from tests.fakes.models import Answer, rate_limited
from tests.fakes.models.batched import BatchingModels
from tests.fakes.models.scripted import KEY
from tests.workers.llm.providers.serving import FAKES, IDS, QUESTION
from workers.llm.provider import Answer as Said
from workers.llm.provider import Batcher, ProviderError, Turn
from workers.llm.providers.batching import QUESTIONS_MAX, RemoteBatcher
from workers.llm.providers.registry import open_batcher

QUESTIONS = [replace(QUESTION, turns=(Turn("user", f"what is x, number {number}?"),)) for number in range(3)]
ANSWERS = [{"x": number} for number in range(3)]
BATCHING = [Wire.OPENAI, Wire.ANTHROPIC, Wire.GOOGLE]
each_wire = pytest.mark.parametrize("wire", BATCHING)


def batcher(wire: Wire, url: str, *, mode: OutputMode = "tool", key: str = KEY) -> RemoteBatcher:
    spec = ModelSpec(
        name=IDS[wire], provider="p", family="f", quality=5, context_tokens=9_000, output_mode=mode
    )
    opened = open_batcher(spec, ProviderSpec(name="p", wire=wire, batch=True), url, SecretStr(key))
    assert opened is not None
    return opened


@asynccontextmanager
async def served(
    wire: Wire, *answers: Answer, key: str = KEY, mode: OutputMode = "tool"
) -> AsyncIterator[tuple[BatchingModels, Batcher]]:
    async with FAKES[wire].serve(*answers, names=[IDS[wire]]) as server:
        assert isinstance(server, BatchingModels)
        one = batcher(wire, server.url, key=key, mode=mode)
        try:
            yield server, one
        finally:
            await one.close()


@each_wire
@pytest.mark.parametrize("mode", ["tool", "native", "prompted"])
async def test_answers_come_in_the_order_of_the_questions(wire: Wire, mode: OutputMode) -> None:
    async with served(wire, *ANSWERS, mode=mode) as (server, one):
        ticket = await one.submit(QUESTIONS)
        assert await one.poll(ticket, QUESTIONS) is None
        await server.finish_batches()
        outcomes = await one.poll(ticket, QUESTIONS)
    assert outcomes is not None
    said = [outcome.text for outcome in outcomes if isinstance(outcome, Said)]
    assert ["".join(text.split()) for text in said] == [f'{{"x":{number}}}' for number in range(3)]


@each_wire
@pytest.mark.parametrize("mode", ["tool", "prompted"])
async def test_the_system_text_goes_along(wire: Wire, mode: OutputMode) -> None:
    async with served(wire, mode=mode) as (server, one):
        await one.submit(QUESTIONS)
    (job,) = server.batches.jobs.values()
    assert ["be careful" in str(question) for question in job.questions.values()] == [True] * 3


@each_wire
async def test_another_process_may_poll(wire: Wire) -> None:
    async with served(wire, *ANSWERS) as (server, one):
        ticket = await one.submit(QUESTIONS)
        await server.finish_batches()
        other = batcher(wire, server.url)
        assert len(await other.poll(ticket, QUESTIONS) or ()) == 3
        await other.close()


@each_wire
async def test_a_question_may_fail_alone(wire: Wire) -> None:
    async with served(wire, {"x": 0}, rate_limited(), {"x": 2}) as (server, one):
        ticket = await one.submit(QUESTIONS)
        await server.finish_batches()
        outcomes = await one.poll(ticket, QUESTIONS) or ()
    kinds = [outcome.kind if isinstance(outcome, ProviderError) else "ok" for outcome in outcomes]
    assert kinds == ["ok", "rate limited", "ok"]


@each_wire
async def test_what_was_cancelled_was_not_answered(wire: Wire) -> None:
    async with served(wire, *ANSWERS) as (_, one):
        ticket = await one.submit(QUESTIONS)
        await one.cancel(ticket)
        outcomes = await one.poll(ticket, QUESTIONS) or await one.poll(ticket, QUESTIONS) or ()
        await one.cancel(ticket)  # once more does no harm
    assert [isinstance(outcome, ProviderError) for outcome in outcomes] == [True] * 3


@each_wire
async def test_a_ticket_holds_no_key(wire: Wire) -> None:
    async with served(wire, *ANSWERS) as (_, one):
        assert KEY not in await one.submit(QUESTIONS)


@each_wire
async def test_failures_have_a_kind_and_no_context(wire: Wire) -> None:
    async with served(wire, key="sk-wrong") as (_, one):
        with pytest.raises(ProviderError) as caught:
            await one.submit(QUESTIONS)
    assert (caught.value.kind, caught.value.__context__) == ("unauthorised", None)


@each_wire
async def test_what_is_no_ticket_is_not_found(wire: Wire) -> None:
    async with served(wire) as (_, one):
        with pytest.raises(ProviderError) as caught:
            await one.poll("{}", QUESTIONS)
    assert caught.value.kind == "not found"


@each_wire
@pytest.mark.parametrize("count", [0, QUESTIONS_MAX + 1])
async def test_a_batch_has_bounds(wire: Wire, count: int) -> None:
    async with served(wire) as (_, one):
        with pytest.raises(ProviderError, match="1 to"):
            await one.submit([QUESTION] * count)


async def test_files_do_not_stay_with_the_provider() -> None:
    async with served(Wire.OPENAI) as (server, one):
        await one.submit(QUESTIONS)
    upload, batch = server.requests
    assert 'name="expires_after[seconds]"\r\n\r\n172800\r\n' in upload.raw
    assert batch.body["output_expires_after"] == {"anchor": "created_at", "seconds": 172_800}


def test_a_provider_without_batches_has_no_batcher() -> None:
    spec = ModelSpec(name="m", provider="p", family="f", quality=5, context_tokens=9_000)
    for provider in (
        ProviderSpec(name="p", wire=Wire.OPENROUTER, batch=True),
        ProviderSpec(name="p", wire=Wire.OPENAI),
    ):
        assert open_batcher(spec, provider, "http://x", SecretStr(KEY)) is None
