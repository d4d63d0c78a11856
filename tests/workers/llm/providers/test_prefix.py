"""A prefix shared by the questions of a run is read from the provider's cache from the second question on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.catalogue import Wire
from tests.workers.llm.providers.serving import QUESTION, each_wire, served
from workers.llm.provider import Question, Turn
from workers.llm.providers.conversation import messages

PREFIX = "the whole diff of the pull request, line after line\n" * 400
MARKING = (Wire.ANTHROPIC, Wire.OPENROUTER)


def about(subject: str, **schema: object) -> Question:
    text = f"{PREFIX}\n\nwhat of {subject}?"
    whole = {**QUESTION.schema, **schema}
    return replace(
        QUESTION, turns=(Turn("user", text),), schema=whole, prefix_chars=len(PREFIX), timeout_s=20.0
    )


@each_wire
async def test_the_second_question_reads_what_the_first_wrote(wire: Wire) -> None:
    """Also when it wants an answer of another shape."""
    async with served(wire, {"x": 1}, {"x": 2}) as (_, model):
        first = await model.ask(about("security"))
        second = await model.ask(about("style", description="Another shape."))
    assert first.cached_tokens == 0
    assert second.cached_tokens > 0.8 * second.input_tokens


@pytest.mark.parametrize("wire", [Wire.ANTHROPIC])
async def test_what_was_written_is_counted(wire: Wire) -> None:
    async with served(wire, {"x": 1}) as (_, model):
        answer = await model.ask(about("security"))
    assert 0.8 * answer.input_tokens < answer.written_tokens < answer.input_tokens


@pytest.mark.parametrize("wire", MARKING)
async def test_the_end_of_the_prefix_is_marked(wire: Wire) -> None:
    async with served(wire, {"x": 1}) as (server, model):
        await model.ask(about("security"))
    blocks = server.requests[0].body["messages"][-1]["content"]
    assert (blocks[0]["text"], "cache_control" in blocks[0]) == (PREFIX, True)
    assert "cache_control" not in blocks[1]


@each_wire
async def test_nothing_is_marked_without_a_prefix(wire: Wire) -> None:
    async with served(wire, {"x": 1}) as (server, model):
        await model.ask(QUESTION)
    assert "cache_control" not in server.sent


@pytest.mark.parametrize("wire", [Wire.OPENAI, Wire.GOOGLE])
async def test_who_caches_by_himself_gets_one_text_with_the_prefix_first(wire: Wire) -> None:
    async with served(wire, {"x": 1}) as (server, model):
        await model.ask(about("security"))
    assert "cache_control" not in server.sent
    assert PREFIX in server.requests[0].text


@pytest.mark.parametrize("chars", [len("what is x?"), 10_000])
def test_a_prefix_may_be_the_whole_turn(chars: int) -> None:
    (message,) = messages(replace(QUESTION, prefix_chars=chars), "tool", mark_prefix=True)
    assert "what is x?" in repr(message)


def test_later_turns_are_never_marked() -> None:
    turns = (Turn("user", "a" * 20), Turn("assistant", "b"), Turn("user", "c" * 20))
    question = replace(QUESTION, turns=turns, prefix_chars=10)
    told = messages(question, "prompted", mark_prefix=True)
    assert ["CachePoint" in repr(message) for message in told] == [True, False, False]
