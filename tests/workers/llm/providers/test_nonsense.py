"""Whatever JSON an endpoint answers with: an answer or a ProviderError, and no other end."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from config.catalogue import Wire
from tests.fakes.models import Raw
from tests.workers.llm.providers.serving import QUESTION, WIRES, served
from workers.llm.provider import Answer, Provider, ProviderError, Question

ODD: tuple[Any, ...] = (None, "", "x", -1, 0, 1e308, True, [], {}, [None], ["x"], [[]], {"x": None})
DOCUMENTS: dict[Wire, dict[str, Any]] = {
    Wire.OPENAI: {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "provider": "p",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "{}"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 1}},
    },
    Wire.ANTHROPIC: {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": "{}"}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 1, "output_tokens": 1, "cache_read_input_tokens": 1},
    },
    Wire.GOOGLE: {
        "candidates": [{"content": {"parts": [{"text": "{}"}], "role": "model"}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1, "cachedContentTokenCount": 1},
        "modelVersion": "m",
    },
}
DOCUMENTS[Wire.OPENROUTER] = DOCUMENTS[Wire.OPENAI]


def bent(value: Any, chance: random.Random) -> Any:
    """`value` with one of its parts, at any depth, replaced or left out."""
    if chance.random() < 0.3 or not isinstance(value, dict | list) or not value:
        return chance.choice(ODD)
    if isinstance(value, list):
        return [bent(value[0], chance), *value[1:]]
    key = chance.choice(list(value))
    if chance.random() < 0.2:
        return {name: one for name, one in value.items() if name != key}
    return {**value, key: bent(value[key], chance)}


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("mode", ["tool", "prompted"])
@pytest.mark.filterwarnings("ignore")  # the SDKs warn of nonsense in many ways
async def test_nothing_but_an_answer_or_an_error_of_ours(wire: Wire, mode: Any) -> None:
    chance = random.Random(wire)
    bodies = [json.dumps(bent(DOCUMENTS[wire], chance)) for _ in range(50)]
    async with served(wire, *map(Raw, bodies), mode=mode) as (_, model):
        for body in bodies:
            outcome = await ended(model)
            assert isinstance(outcome, Answer) or outcome.__context__ is None, body


async def ended(model: Provider, question: Question = QUESTION) -> Answer | ProviderError:
    """What came of it."""
    try:
        return await model.ask(question)
    except ProviderError as error:
        return error
