"""One model behind each wire's fake server, opened as the worker opens it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from pydantic import SecretStr

from config.catalogue import ModelSpec, OutputMode, ProviderSpec, Wire
from tests.fakes.models import Answer, FakeAnthropic, FakeOpenAI
from tests.fakes.models.google import FakeGoogle
from tests.fakes.models.openrouter import FakeOpenRouter
from tests.fakes.models.scripted import KEY, FakeModels
from workers.llm.provider import ProviderError, Question, Turn
from workers.llm.providers.registry import open_provider
from workers.llm.providers.remote import RemoteModel

SCHEMA = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"], "title": "Number"}
QUESTION = Question("be careful", (Turn("user", "what is x?"),), SCHEMA, "Number", 200, 10.0)
QUICK = replace(QUESTION, timeout_s=0.15)

FAKES: dict[Wire, type[FakeModels]] = {
    Wire.OPENAI: FakeOpenAI,
    Wire.ANTHROPIC: FakeAnthropic,
    Wire.GOOGLE: FakeGoogle,
    Wire.OPENROUTER: FakeOpenRouter,
}
IDS = {
    Wire.OPENAI: "fake-model",
    Wire.ANTHROPIC: "claude-haiku-4-5",
    Wire.GOOGLE: "gemini-2.5-flash",
    Wire.OPENROUTER: "anthropic/claude-haiku-4.5",
}
WIRES = list(FAKES)
each_wire = pytest.mark.parametrize("wire", WIRES)


def remote(
    wire: Wire, url: str, *, mode: OutputMode = "prompted", key: str = KEY, model: str = ""
) -> RemoteModel:
    """A model of `wire` at `url`, under a catalogue's names."""
    spec = ModelSpec(
        name=model or IDS[wire],
        provider="served",
        family="fake",
        quality=5,
        context_tokens=100_000,
        output_mode=mode,
    )
    provider = ProviderSpec(name="served", wire=wire, api_key_env="SERVED_KEY")
    return open_provider(spec, provider, url, SecretStr(key), referer="https://us.example", title="Quorum")


@asynccontextmanager
async def served(
    wire: Wire, *answers: Answer, mode: OutputMode = "prompted", key: str = KEY
) -> AsyncIterator[tuple[FakeModels, RemoteModel]]:
    """A fake of `wire` with these answers, and a model that asks it."""
    async with FAKES[wire].serve(*answers, names=[IDS[wire]]) as server:
        model = remote(wire, server.url, mode=mode, key=key)
        try:
            yield server, model
        finally:
            await model.close()


async def failure(
    wire: Wire, *answers: Answer, key: str = KEY, question: Question = QUESTION
) -> ProviderError:
    """How asking ends."""
    async with served(wire, *answers, key=key) as (_, model):
        with pytest.raises(ProviderError) as caught:
            await model.ask(question)
    return caught.value
