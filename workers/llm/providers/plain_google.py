"""A plain answer of generateContent, read as pydantic-ai reads it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_ai.messages import FinishReason, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.usage import RequestUsage

from workers.llm.providers.plain import Count, Plain, Text

FINISH: dict[str, FinishReason] = {"STOP": "stop", "MAX_TOKENS": "length"}


class _Text(Plain):
    text: Text

    def part(self) -> TextPart:
        """As pydantic-ai's."""
        return TextPart(self.text)


class _Function(Plain):
    name: Text
    args: dict[str, Any]
    id: Text | None = None


class _Call(Plain):
    function_call: _Function = Field(alias="functionCall")

    def part(self) -> ToolCallPart:
        """As pydantic-ai's."""
        return ToolCallPart(self.function_call.name, self.function_call.args)


class _Content(Plain):
    role: Literal["model"] | None = None
    parts: tuple[_Text | _Call, ...] = Field(min_length=1)


class _Candidate(Plain):
    content: _Content
    finish_reason: Literal["STOP", "MAX_TOKENS"] = Field(alias="finishReason")
    index: int | None = None


class _Modality(Plain):
    modality: Literal["TEXT"]
    tokens: Count = Field(alias="tokenCount")


class _Usage(Plain):
    asked: Count = Field(alias="promptTokenCount")
    said: Count = Field(0, alias="candidatesTokenCount")
    total: Count = Field(0, alias="totalTokenCount")
    cached: Count = Field(0, alias="cachedContentTokenCount")
    thought: Count = Field(0, alias="thoughtsTokenCount")
    asked_details: tuple[_Modality, ...] = Field((), alias="promptTokensDetails")
    said_details: tuple[_Modality, ...] = Field((), alias="candidatesTokensDetails")
    cached_details: tuple[_Modality, ...] = Field((), alias="cacheTokensDetails")


class _Generated(Plain):
    candidates: tuple[_Candidate]
    usage: _Usage = Field(alias="usageMetadata")
    model_version: str | None = Field(None, alias="modelVersion")
    response_id: str | None = Field(None, alias="responseId")


def read(body: bytes) -> ModelResponse | None:
    """What the endpoint said; None: it is for the SDK to judge."""
    try:
        told = _Generated.model_validate_json(body)
    except ValidationError:
        return None
    candidate, usage = told.candidates[0], told.usage
    return ModelResponse(
        parts=[part.part() for part in candidate.content.parts],
        usage=RequestUsage(
            input_tokens=usage.asked,
            cache_read_tokens=usage.cached,
            output_tokens=usage.said + usage.thought,
        ),
        finish_reason=FINISH[candidate.finish_reason],
    )
