"""What is opened for which wire, how connections are shared, and that nothing is imported too early."""

from __future__ import annotations

import asyncio
import sys

import pytest
from pydantic import SecretStr

from config.catalogue import ModelSpec, ProviderSpec, Wire
from tests.fakes.models import FakeAnthropic, FakeOpenAI
from tests.fakes.models.openrouter import FakeOpenRouter
from tests.fakes.models.scripted import KEY
from tests.workers.llm.providers.serving import IDS, QUESTION, WIRES, served
from workers.llm.providers.connections import Connections
from workers.llm.providers.openai import ADDRESS
from workers.llm.providers.openai_compatible import dialect_at
from workers.llm.providers.registry import DIALECTS, open_provider


def test_every_wire_has_a_dialect() -> None:
    assert set(DIALECTS) == set(Wire) == set(WIRES)


def test_the_newer_fields_are_for_openai_alone() -> None:
    own = dialect_at(f"{ADDRESS}/v1")
    assert own is not DIALECTS[Wire.OPENAI]
    assert dialect_at(f"{ADDRESS}.example/v1") is DIALECTS[Wire.OPENAI]


async def test_openrouter_is_told_who_asks() -> None:
    async with served(Wire.OPENROUTER, {"x": 1}) as (server, model):
        await model.ask(QUESTION)
    headers = server.requests[0].headers
    assert (headers["http-referer"], headers["x-title"]) == ("https://us.example", "Quorum")


async def test_others_are_not_told_who_asks() -> None:
    async with served(Wire.OPENAI, {"x": 1}) as (server, model):
        await model.ask(QUESTION)
    assert not {"http-referer", "x-title"} & set(server.requests[0].headers)


async def test_a_server_like_openrouter_need_not_say_who_answered() -> None:
    async with FakeOpenAI.serve({"x": 1}, names=[IDS[Wire.OPENROUTER]]) as server:
        spec = ModelSpec(name=IDS[Wire.OPENROUTER], provider="p", family="f", quality=5, context_tokens=9_000)
        model = open_provider(spec, ProviderSpec(name="p", wire=Wire.OPENROUTER), server.url, SecretStr(KEY))
        assert (await model.ask(QUESTION)).text
        await model.close()


async def test_an_address_may_end_with_the_version_or_not() -> None:
    spec = ModelSpec(name=IDS[Wire.ANTHROPIC], provider="p", family="f", quality=5, context_tokens=9_000)
    provider = ProviderSpec(name="p", wire=Wire.ANTHROPIC)
    async with FakeAnthropic.serve({"x": 1}, names=[spec.name]) as server:
        model = open_provider(spec, provider, f"{server.url}/v1", SecretStr(KEY))
        assert (await model.ask(QUESTION)).text
        await model.close()


async def test_models_of_a_provider_share_connections_that_outlive_each() -> None:
    connections = Connections()
    provider = ProviderSpec(name="p", wire=Wire.OPENAI)
    async with FakeOpenAI.serve({"x": 1}, {"x": 2}, names=["one", "two"]) as server:
        for name in ("one", "two"):
            spec = ModelSpec(name=name, provider="p", family="f", quality=5, context_tokens=9_000)
            model = open_provider(spec, provider, server.url, SecretStr(KEY), connections=connections)
            assert (await model.ask(QUESTION)).text
            await model.close()
            assert not connections.client().is_closed
        await connections.close()


async def test_organisations_of_the_environment_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-1")
    async with served(Wire.OPENAI, {"x": 1}) as (server, model):
        await model.ask(QUESTION)
    assert not {"openai-organization", "openai-project"} & set(server.requests[0].headers)


async def test_models_of_all_wires_load_at_once() -> None:
    async with asyncio.timeout(60), FakeOpenRouter.serve() as server:
        models = [
            open_provider(
                ModelSpec(name=IDS[wire], provider="p", family="f", quality=5, context_tokens=9_000),
                ProviderSpec(name="p", wire=wire),
                server.url,
                SecretStr(KEY),
            )
            for wire in Wire
        ]
        await asyncio.gather(*(model.load() for model in models))
        for model in models:
            await model.close()


async def test_opening_imports_no_sdk() -> None:
    probe = (
        "import sys\n"
        "from pydantic import SecretStr\n"
        "from config.catalogue import ModelSpec, ProviderSpec, Wire\n"
        "from workers.llm.providers.registry import open_provider\n"
        "spec = ModelSpec(name='m', provider='p', family='f', quality=5, context_tokens=9000)\n"
        "for wire in Wire:\n"
        "    open_provider(spec, ProviderSpec(name='p', wire=wire), 'http://x', SecretStr('k'))\n"
        "heavy = ('pydantic_ai', 'openai', 'anthropic', 'google.genai', 'httpx2', 'httpx')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", probe, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out.decode().strip() == "[]"
