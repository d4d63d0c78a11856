"""A plain chat completion, read as pydantic-ai reads it."""

from __future__ import annotations

from typing import Literal

from pydantic import ValidationError
from pydantic_ai.messages import FinishReason, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.usage import RequestUsage

from workers.llm.providers.plain import Count, Plain, Text

THINKING = "<think>"
FINISH: dict[str, FinishReason] = {"stop": "stop", "length": "length", "tool_calls": "tool_call"}


class _Function(Plain):
    name: Text
    arguments: str


class _Call(Plain):
    id: Text
    type: Literal["function"]
    function: _Function


class _Message(Plain):
    role: Literal["assistant"]
    content: str | None = None
    refusal: None = None
    tool_calls: tuple[_Call, ...] | None = None
    annotations: tuple[()] | None = None
    audio: None = None
    function_call: None = None


class _Choice(Plain):
    index: int
    message: _Message
    logprobs: None = None
    finish_reason: Literal["stop", "length", "tool_calls"]


class _Read(Plain):
    cached_tokens: Count | None = None
    audio_tokens: Count | None = None


class _Said(Plain):
    reasoning_tokens: Count | None = None
    audio_tokens: Count | None = None
    accepted_prediction_tokens: Count | None = None
    rejected_prediction_tokens: Count | None = None


class _Usage(Plain):
    prompt_tokens: Count
    completion_tokens: Count
    total_tokens: Count
    prompt_tokens_details: _Read | None = None
    completion_tokens_details: _Said | None = None


class _Completion(Plain):
    id: Text
    object: Literal["chat.completion"]
    created: int
    model: Text
    choices: tuple[_Choice]
    usage: _Usage
    system_fingerprint: str | None = None
    service_tier: Literal["default"] | None = None


def read(body: bytes) -> ModelResponse | None:
    """What the endpoint said; None: it is for the SDK to judge."""
    try:
        told = _Completion.model_validate_json(body)
    except ValidationError:
        return None
    choice, usage = told.choices[0], told.usage
    text, calls = choice.message.content or "", choice.message.tool_calls or ()
    if THINKING in text or not (text or calls):
        return None
    details = usage.prompt_tokens_details
    return ModelResponse(
        parts=[
            *([TextPart(text)] if text else []),
            *(ToolCallPart(call.function.name, call.function.arguments) for call in calls),
        ],
        usage=RequestUsage(
            input_tokens=usage.prompt_tokens,
            cache_read_tokens=(details and details.cached_tokens) or 0,
            output_tokens=usage.completion_tokens,
        ),
        finish_reason=FINISH[choice.finish_reason],
    )
