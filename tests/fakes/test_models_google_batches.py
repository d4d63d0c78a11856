"""Batches of questions in Google's form, over its own SDK: in the body, and in a file."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from google import genai
from google.genai import errors

from tests.fakes.listener import NO_TLS
from tests.fakes.models import Answer, FakeGoogle, overloaded

HELLO: Any = [{"role": "user", "parts": [{"text": "hello"}]}]


@asynccontextmanager
async def talking(*answers: Answer) -> AsyncIterator[tuple[FakeGoogle, Any]]:
    # A client of ours: with aiohttp about, the SDK's own would be a subclass of a session, against which aiohttp warns.
    async with (
        FakeGoogle.serve(*answers) as models,
        httpx.AsyncClient(trust_env=False, verify=NO_TLS) as http,
    ):
        options: Any = {"base_url": models.url, "httpx_async_client": http}
        yield models, genai.Client(api_key=models.key, http_options=options).aio


def question(key: str) -> dict[str, Any]:
    return {"contents": HELLO, "metadata": {"key": key}}


async def test_a_batch_waits_and_then_has_its_answers_in_line() -> None:
    async with talking("one", overloaded()) as (models, client):
        job = await client.batches.create(model="fake-model", src=[question("a"), question("b")])
        assert job.state.value == "JOB_STATE_RUNNING"
        await models.finish_batches()
        job = await client.batches.get(name=job.name)
        first, second = job.dest.inlined_responses
        assert (job.state.value, first.response.text) == ("JOB_STATE_SUCCEEDED", "one")
        assert (first.metadata, second.error.code) == ({"key": "a"}, 14)


async def test_a_batch_in_a_file_has_its_answers_in_another() -> None:
    async with talking("one", "two") as (models, client):
        rows = [{"key": key, "request": {"contents": HELLO}} for key in ("a", "b")]
        content = io.BytesIO("\n".join(map(json.dumps, rows)).encode())
        file = await client.files.upload(file=content, config={"mime_type": "application/jsonl"})
        job = await client.batches.create(model="fake-model", src=file.name)
        await models.finish_batches()
        job = await client.batches.get(name=job.name)
        lines = [
            json.loads(line) for line in (await client.files.download(file=job.dest.file_name)).splitlines()
        ]
        said = {one["key"]: one["response"]["candidates"][0]["content"]["parts"][0]["text"] for one in lines}
        assert said == {"a": "one", "b": "two"}
        await client.files.delete(name=file.name)
        assert file.name not in models.batches.files


async def test_a_cancelled_batch_asks_nothing_more() -> None:
    async with talking("kept") as (models, client):
        job = await client.batches.create(model="fake-model", src=[question("a")])
        await client.batches.cancel(name=job.name)
        job = await client.batches.get(name=job.name)
        assert (job.state.value, job.dest, list(models.script)) == ("JOB_STATE_CANCELLED", None, ["kept"])


async def test_a_batch_without_its_file_is_refused() -> None:
    async with talking() as (_, client):
        with pytest.raises(errors.ClientError, match="does not exist"):
            await client.batches.create(model="fake-model", src="files/none")
