"""Our way past a part of OpenAI's SDK: what arrives is what the SDK would have sent."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, get_args

import pytest
from openai import AsyncOpenAI
from pydantic_ai.direct import model_request
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider

from config.catalogue import OutputMode
from tests.fakes.models import FakeOpenAI
from tests.workers.llm.providers.serving import QUESTION
from workers.llm.provider import Turn
from workers.llm.providers import conversation
from workers.llm.providers.openai_client import QuickOpenAI

REPAIR = replace(
    QUESTION, turns=(Turn("user", "what is x?"), Turn("assistant", "y"), Turn("user", "no: what is x?"))
)


@pytest.mark.parametrize("mode", get_args(OutputMode))
async def test_what_arrives_is_what_the_sdk_would_have_sent(mode: OutputMode) -> None:
    async with FakeOpenAI.serve(default={"x": 1}, names=["fake-model"]) as server:
        said = [await _heard(server, kind, mode) for kind in (AsyncOpenAI, QuickOpenAI)]
    assert said[0] == said[1]


async def _heard(server: FakeOpenAI, kind: type[AsyncOpenAI], mode: OutputMode) -> tuple[Any, set[str]]:
    """The body as it came, and the names of the headers."""
    profile = OpenAIModelProfile(supports_json_object_output=True, supports_json_schema_output=True)
    async with kind(base_url=server.url, api_key=server.key, max_retries=0) as sdk:
        await model_request(
            OpenAIChatModel("fake-model", provider=OpenAIProvider(openai_client=sdk), profile=profile),
            conversation.messages(REPAIR, mode, mark_prefix=False),
            model_settings=conversation.settings(REPAIR),
            model_request_parameters=conversation.parameters(REPAIR, mode),
        )
    heard = server.requests[-1]
    return json.loads(heard.raw), set(heard.headers)
