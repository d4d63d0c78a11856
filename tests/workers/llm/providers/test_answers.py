"""What every wire does alike: three ways to ask, text, usage, truncation."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import get_args

import pytest

from config.catalogue import OutputMode, Wire
from tests.fakes.models import Half, Reply, Tokens, ToolCall, Uncounted, Wrapped
from tests.workers.llm.providers.serving import QUESTION, each_wire, served
from workers.llm.provider import Turn
from workers.llm.providers.amending import TOKENS_MAX

MODES: tuple[OutputMode, ...] = get_args(OutputMode)
GOOD = '{"x": 1}'


@each_wire
@pytest.mark.parametrize("mode", MODES)
async def test_each_output_mode_brings_the_answer(wire: Wire, mode: OutputMode) -> None:
    async with served(wire, {"x": 1}, mode=mode) as (_, model):
        assert json.loads((await model.ask(QUESTION)).text) == {"x": 1}


@each_wire
async def test_tool_mode_offers_one_tool(wire: Wire) -> None:
    async with served(wire, {"x": 1}, mode="tool") as (server, model):
        await model.ask(QUESTION)
    assert [tool["name"] for tool in server.requests[0].tools] == ["answer"]


@each_wire
async def test_native_mode_sends_the_schema(wire: Wire) -> None:
    async with served(wire, {"x": 1}, mode="native") as (server, model):
        await model.ask(QUESTION)
    assert server.requests[0].schema is not None
    assert server.requests[0].schema["required"] == ["x"]


@each_wire
async def test_prompted_mode_tells_the_schema_in_words(wire: Wire) -> None:
    async with served(wire, {"x": 1}) as (server, model):
        await model.ask(QUESTION)
    assert "fits this JSON Schema" in server.sent
    assert server.requests[0].schema is None


@each_wire
async def test_the_answers_length_is_always_limited_and_nothing_is_streamed(wire: Wire) -> None:
    async with served(wire, {"x": 1}) as (server, model):
        await model.ask(replace(QUESTION, output_max_tokens=30_000))
    assert server.requests[0].output_max_tokens == 30_000
    assert not server.requests[0].stream


@each_wire
async def test_temperature_is_left_alone(wire: Wire) -> None:
    async with served(wire, {"x": 1}) as (server, model):
        await model.ask(QUESTION)
    assert "temperature" not in server.sent


@each_wire
async def test_input_tokens_include_what_was_read_from_the_cache(wire: Wire) -> None:
    async with served(wire, Reply(GOOD, tokens=Tokens(700, 20, 512))) as (_, model):
        answer = await model.ask(QUESTION)
    assert (answer.input_tokens, answer.cached_tokens, answer.output_tokens) == (700, 512, 20)


@pytest.mark.parametrize("wire", [Wire.ANTHROPIC])
async def test_input_tokens_include_what_was_written_to_the_cache(wire: Wire) -> None:
    async with served(wire, Reply(GOOD, tokens=Tokens(700, 20, 100, 512))) as (_, model):
        answer = await model.ask(QUESTION)
    assert (answer.input_tokens, answer.cached_tokens, answer.written_tokens) == (700, 100, 512)


@each_wire
@pytest.mark.parametrize("lie", [-5.0, 1e18, -1e18, 0.0])
async def test_lies_about_usage_are_bounded(wire: Wire, lie: float) -> None:
    async with served(wire, Reply(GOOD, tokens=Tokens(int(lie), int(lie), int(lie)))) as (_, model):
        answer = await model.ask(QUESTION)
    assert 0 < answer.input_tokens <= TOKENS_MAX
    assert 0 < answer.output_tokens <= TOKENS_MAX
    assert 0 <= answer.cached_tokens <= answer.input_tokens


@each_wire
async def test_usage_that_is_no_number_does_not_lose_the_answer(wire: Wire) -> None:
    async with served(wire, Reply(GOOD, tokens=Tokens(math.nan, math.nan))) as (_, model):
        assert (await model.ask(QUESTION)).input_tokens > 0


@each_wire
async def test_usage_that_is_missing_is_estimated(wire: Wire) -> None:
    async with served(wire, Reply(GOOD, tokens=Uncounted())) as (_, model):
        answer = await model.ask(QUESTION)
    assert (answer.input_tokens, answer.output_tokens) == (30, 2)


@each_wire
async def test_text_around_json_is_handed_on(wire: Wire) -> None:
    async with served(wire, Wrapped({"x": 1})) as (_, model):
        assert "Sure!" in (await model.ask(QUESTION)).text


@each_wire
async def test_a_cut_answer_says_so(wire: Wire) -> None:
    async with served(wire, Half({"x": 1})) as (_, model):
        assert (await model.ask(QUESTION)).truncated


@pytest.mark.parametrize("wire", [Wire.OPENAI])
async def test_a_broken_tool_call_is_text_for_the_parser(wire: Wire) -> None:
    async with served(wire, ToolCall('{"x": '), mode="tool") as (_, model):
        assert (await model.ask(QUESTION)).text == '{"x": '


@each_wire
@pytest.mark.parametrize("said", ["x is one", ""])
async def test_a_conversation_goes_on_after_a_bad_answer(wire: Wire, said: str) -> None:
    """Also after an empty one, which some endpoints would not take back."""
    turns = (*QUESTION.turns, Turn("assistant", said), Turn("user", "once more"))
    async with served(wire, {"x": 1}) as (server, model):
        assert (await model.ask(replace(QUESTION, turns=turns))).text
    assert server.requests[0].text.endswith("once more")
