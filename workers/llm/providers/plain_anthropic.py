"""A plain message of Anthropic's, read as pydantic-ai reads it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError
from pydantic_ai.messages import FinishReason, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.usage import RequestUsage

from workers.llm.providers.plain import Count, Plain, Text

FINISH: dict[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool_call",
}


class _Text(Plain):
    type: Literal["text"]
    text: Text
    citations: None = None

    def part(self) -> TextPart:
        """As pydantic-ai's."""
        return TextPart(self.text)


class _Call(Plain):
    type: Literal["tool_use"]
    id: Text
    name: Text
    input: dict[str, Any]

    def part(self) -> ToolCallPart:
        """As pydantic-ai's."""
        return ToolCallPart(self.name, self.input)


class _Written(Plain):
    ephemeral_5m_input_tokens: Count
    ephemeral_1h_input_tokens: Count


class _Usage(Plain):
    input_tokens: Count
    output_tokens: Count
    cache_creation_input_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None
    cache_creation: _Written | None = None
    service_tier: Literal["standard"] | None = None
    inference_geo: str | None = None
    server_tool_use: None = None


class _Message(Plain):
    id: Text
    type: Literal["message"]
    role: Literal["assistant"]
    model: Text
    content: tuple[Annotated[_Text | _Call, Field(discriminator="type")], ...] = Field(min_length=1)
    stop_reason: Literal["end_turn", "stop_sequence", "max_tokens", "tool_use"]
    stop_sequence: str | None = None
    stop_details: None = None
    container: None = None
    context_management: None = None
    usage: _Usage


def read(body: bytes) -> ModelResponse | None:
    """What the endpoint said; None: it is for the SDK to judge."""
    try:
        told = _Message.model_validate_json(body)
    except ValidationError:
        return None
    usage = told.usage
    written, cached = usage.cache_creation_input_tokens or 0, usage.cache_read_input_tokens or 0
    return ModelResponse(
        parts=[block.part() for block in told.content],
        usage=RequestUsage(
            input_tokens=usage.input_tokens + written + cached,
            cache_read_tokens=cached,
            cache_write_tokens=written,
            output_tokens=usage.output_tokens,
        ),
        finish_reason=FINISH[told.stop_reason],
    )
