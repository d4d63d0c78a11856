"""Every scripted model server fails on its connection in the same ways."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.fakes.listener import NO_TLS
from tests.fakes.models import (
    Answer,
    Cut,
    Drip,
    FakeAnthropic,
    FakeGoogle,
    FakeModels,
    FakeOpenAI,
    FakeOpenRouter,
    Huge,
    Inside,
    Raw,
    Reply,
    Tokens,
    Uncounted,
    invalid_json,
    overloaded,
)

CHAT: Any = {"model": "fake-model", "max_tokens": 99, "messages": [{"role": "user", "content": "hello"}]}
GOOGLE: Any = {"contents": [{"parts": [{"text": "hello"}]}]}
WIRES: list[tuple[type[FakeModels], str, Any]] = [
    (FakeOpenAI, "/chat/completions", CHAT),
    (FakeOpenRouter, "/chat/completions", CHAT),
    (FakeAnthropic, "/v1/messages", CHAT),
    (FakeGoogle, "/v1beta/models/fake-model:generateContent", GOOGLE),
]
STREAMS = [
    *((fake, path, body | {"stream": True}) for fake, path, body in WIRES[:3]),
    (FakeGoogle, "/v1beta/models/fake-model:streamGenerateContent?alt=sse", GOOGLE),
]


class Talk:
    """One wire, asked without an SDK."""

    def __init__(self, models: FakeModels, client: httpx.AsyncClient, path: str, body: Any) -> None:
        self.models = models
        self._client = client
        self._path = path
        self._body = body

    async def ask(self) -> httpx.Response:
        keys: dict[type[FakeModels], dict[str, str]] = {
            FakeAnthropic: {"x-api-key": self.models.key, "anthropic-version": "2023-06-01"},
            FakeGoogle: {"x-goog-api-key": self.models.key},
        }
        key = keys.get(type(self.models), {"authorization": f"Bearer {self.models.key}"})
        return await self._client.post(self.models.url + self._path, json=self._body, headers=key)


@pytest.fixture(params=WIRES, ids=lambda wire: wire[0].__name__)
def wire(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(params=STREAMS, ids=lambda wire: wire[0].__name__)
def stream(request: pytest.FixtureRequest) -> Any:
    return request.param


@asynccontextmanager
async def talking(wire: tuple[type[FakeModels], str, Any], *answers: Answer) -> AsyncIterator[Talk]:
    fake, path, body = wire
    async with fake.serve(*answers) as models, httpx.AsyncClient(trust_env=False, verify=NO_TLS) as client:
        yield Talk(models, client, path, body)


async def test_a_body_that_is_no_json(wire: Any) -> None:
    async with talking(wire, invalid_json()) as talk:
        response = await talk.ask()
        assert response.is_success
        with pytest.raises(ValueError, match="delimiter"):
            response.json()


async def test_a_page_of_a_proxy(wire: Any) -> None:
    async with talking(wire, Raw("<html>502</html>", 502, "text/html")) as talk:
        response = await talk.ask()
        assert (response.status_code, response.text) == (502, "<html>502</html>")


async def test_a_huge_body_is_well_formed(wire: Any) -> None:
    async with talking(wire, Huge()) as talk:
        response = await talk.ask()
        assert len(response.content) > 5 * 1024 * 1024
        assert response.json()


async def test_a_body_drips(wire: Any) -> None:
    async with talking(wire, Drip("ok", piece_bytes=200, pause_s=0.01)) as talk:
        assert '"ok"' in (await talk.ask()).text


async def test_a_drip_ends_when_the_client_gives_up(wire: Any) -> None:
    async with talking(wire, Drip("ok", piece_bytes=1, pause_s=60)) as talk:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await talk.ask()
        async with asyncio.timeout(5):
            await talk.models.idle()


async def test_a_dripping_answer_is_still_under_way(wire: Any) -> None:
    async with talking(wire, Drip("ok", piece_bytes=1, pause_s=60)) as talk:
        waiting = asyncio.create_task(talk.ask())
        await talk.models.busy()
        await asyncio.sleep(0.1)
        assert talk.models.in_flight == 1
        waiting.cancel()


async def test_a_connection_cut_in_the_middle_of_a_body(wire: Any) -> None:
    async with talking(wire, Cut("ok")) as talk:
        with pytest.raises(httpx.RemoteProtocolError, match="peer closed"):
            await talk.ask()


async def test_a_connection_cut_in_the_middle_of_a_stream(stream: Any) -> None:
    async with talking(stream, Cut("a long answer that isn't read to its end", after_bytes=150)) as talk:
        with pytest.raises(httpx.RemoteProtocolError, match="peer closed"):
            await talk.ask()


async def test_a_dripping_stream(stream: Any) -> None:
    async with talking(stream, Drip("ok", piece_bytes=200, pause_s=0.01)) as talk:
        response = await talk.ask()
        assert response.headers["content-type"].startswith("text/event-stream")
        assert '"ok"' in response.text


async def test_a_failure_inside_a_success(wire: Any) -> None:
    async with talking(wire, Inside(overloaded())) as talk:
        response = await talk.ask()
        assert (response.status_code, list(response.json())[-1] != "usage") == (200, True)
        assert "error" in response.json()


async def test_usage_can_be_missing(wire: Any) -> None:
    async with talking(wire, Reply("ok", tokens=Uncounted())) as talk:
        assert "usage" not in (await talk.ask()).text.lower()


async def test_usage_can_be_missing_in_a_stream(stream: Any) -> None:
    async with talking(stream, Reply("ok", tokens=Uncounted())) as talk:
        assert "usage" not in (await talk.ask()).text.lower()


@pytest.mark.parametrize("number", [-5, 10**15, float("nan")])
async def test_usage_can_lie(wire: Any, number: float) -> None:
    async with talking(wire, Reply("ok", tokens=Tokens(number, number))) as talk:
        text = (await talk.ask()).text
        assert json.dumps(number) in text


async def test_two_answers_come_over_one_connection_after_a_fault(wire: Any) -> None:
    async with talking(wire, Cut("gone"), "one", "two") as talk:
        with pytest.raises(httpx.RemoteProtocolError):
            await talk.ask()
        assert (await talk.ask()).is_success
        assert (await talk.ask()).is_success
