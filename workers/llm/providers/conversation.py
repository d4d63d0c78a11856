"""A question as pydantic-ai's messages and parameters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from config.catalogue import OutputMode
from workers.llm.provider import Question, Turn

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, UserContent
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.settings import ModelSettings

ANSWER_TOOL = "answer"
SCHEMA_TEXT = (
    "Answer with one JSON object, without Markdown or any text around it, that fits this JSON Schema:"
)
NOTHING_SAID = "(no answer)"  # some endpoints refuse an empty turn
TIMEOUT_MIN_S = 0.001


def messages(question: Question, mode: OutputMode, *, mark_prefix: bool) -> list[ModelMessage]:
    """The conversation, with one system message: some chat templates refuse a second.

    With `mark_prefix` the end of the first turn's shared prefix is marked for the provider's cache.
    """
    from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart, UserPromptPart

    system, turns = _told(question, mode)
    told: list[ModelMessage] = []
    for number, turn in enumerate(turns):
        if turn.role == "user":
            chars = question.prefix_chars if mark_prefix and number == 0 else 0
            part = UserPromptPart(_marked(turn.text, chars))
            told.append(ModelRequest(parts=[part], instructions=system or None))
        else:
            told.append(ModelResponse(parts=[TextPart(turn.text or NOTHING_SAID)]))
    return told


def _told(question: Question, mode: OutputMode) -> tuple[str, Sequence[Turn]]:
    """The system text and the turns; endpoints that take no schema are told it in words.

    A system text precedes the turns in every cache: a schema in it would part questions that share a prefix, so then
    it follows the first turn.
    """
    if mode != "prompted":
        return question.system, question.turns
    schema = f"{SCHEMA_TEXT}\n{json.dumps(question.schema, separators=(',', ':'))}"
    if not question.prefix_chars:
        return f"{question.system}\n\n{schema}", question.turns
    first, *others = question.turns
    return question.system, (Turn(first.role, f"{first.text}\n\n{schema}"), *others)


def _marked(text: str, prefix_chars: int) -> str | list[UserContent]:
    from pydantic_ai.messages import CachePoint

    if prefix_chars <= 0:
        return text
    prefix, rest = text[:prefix_chars], text[prefix_chars:]
    return [prefix, CachePoint(), rest] if rest else [prefix, CachePoint()]


def parameters(question: Question, mode: OutputMode) -> ModelRequestParameters:
    """How the answer is to be formed: by the only tool, by a native schema, or as prompted."""
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.output import OutputObjectDefinition
    from pydantic_ai.tools import ToolDefinition

    schema = dict(question.schema)
    if mode == "tool":
        tool = ToolDefinition(
            name=ANSWER_TOOL,
            parameters_json_schema=schema,
            description="Give the answer.",
            kind="output",
            strict=False,
        )
        return ModelRequestParameters(output_mode="tool", output_tools=[tool], allow_text_output=False)
    if mode == "prompted":  # the schema is in the words already
        return ModelRequestParameters(output_mode=mode, prompted_output_template=False)
    wanted = OutputObjectDefinition(schema, name=question.schema_name, strict=True)
    return ModelRequestParameters(output_mode=mode, output_object=wanted, prompted_output_template=False)


def instructed(question: Question, mode: OutputMode) -> ModelRequestParameters:
    """`parameters` with the system text: for requests that don't pass pydantic-ai's front door, which adds it."""
    from pydantic_ai.messages import InstructionPart

    system, _ = _told(question, mode)
    parts = [InstructionPart(content=system)] if system else []
    return replace(parameters(question, mode), instruction_parts=parts)


def settings(question: Question) -> ModelSettings:
    """Limits of the request. That nothing is tried twice is said to each SDK when it is opened: said here, with every
    request, it would make a new client for each.
    """
    return {
        "max_tokens": question.output_max_tokens,
        "timeout": max(TIMEOUT_MIN_S, question.timeout_s),
    }
