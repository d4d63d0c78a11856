"""A generateContent request as the fake understood it, and what Google would find wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.models.request import ModelRequest

FIELDS = frozenset(
    {
        "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings",
        "cachedContent", "labels", "serviceTier", "store", "model",
    }
)  # fmt: skip
GENERATION = frozenset(
    {
        "responseMimeType", "responseJsonSchema", "responseSchema", "maxOutputTokens", "temperature", "topP",
        "topK", "candidateCount", "stopSequences", "presencePenalty", "frequencyPenalty", "seed",
        "responseLogprobs", "logprobs", "thinkingConfig", "responseModalities", "mediaResolution",
        "speechConfig", "imageConfig",
    }
)  # fmt: skip
PARTS = frozenset(
    {
        "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode",
        "codeExecutionResult",
    }
)  # fmt: skip
MODES = ("AUTO", "ANY", "NONE", "VALIDATED")
UNKNOWN = 'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.'


@dataclass(frozen=True)
class GoogleRequest(ModelRequest):
    """One request to a model; its name and whether it streams stand in the path."""

    named: str = ""
    streamed: bool = False

    @property
    def model(self) -> str:
        """The model asked for."""
        return self.named

    @property
    def stream(self) -> bool:
        """Whether the answer is wanted as server-sent events."""
        return self.streamed

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation."""
        return list(self.body.get("contents", []))

    @property
    def text(self) -> str:
        """The system prompt and all that was said, one part after the other."""
        turns = [self.body.get("systemInstruction") or {}, *self.messages]
        return "\n".join(_text(part) for turn in turns for part in turn.get("parts", []))

    @property
    def tools(self) -> list[dict[str, Any]]:
        """The offered functions: name, description, parameters."""
        declared = (one for tool in self.body.get("tools") or [] for one in tool["functionDeclarations"])
        return [
            {"name": one["name"], "description": one.get("description", ""), "parameters": _parameters(one)}
            for one in declared
        ]

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """The JSON schema that the answer has to meet, from generationConfig or the first tool."""
        schema: Mapping[str, Any] | None
        schema = self._generation.get("responseJsonSchema") or self._generation.get("responseSchema")
        return schema or (self.tools[0]["parameters"] if self.tools else None)

    @property
    def output_max_tokens(self) -> int | None:
        """The limit of the answer."""
        limit: int | None = self._generation.get("maxOutputTokens")
        return limit

    @property
    def _generation(self) -> Mapping[str, Any]:
        return self.body.get("generationConfig") or {}


def _parameters(declaration: Mapping[str, Any]) -> Any:
    return declaration.get("parametersJsonSchema") or declaration.get("parameters") or {}


def _text(part: Mapping[str, Any]) -> str:
    return part["text"] if "text" in part else json.dumps(part)


def google_problem(body: Any) -> str | None:
    """What is wrong with the shape of a request, or None."""
    if not isinstance(body, dict):
        return "Invalid JSON payload received. Unexpected end of string."
    return next(_problems(body), None)


def _problems(body: dict[str, Any]) -> Iterator[str]:
    for name in body.keys() - FIELDS:
        yield UNKNOWN.format(name=name, where="")
    contents = body.get("contents")
    if not isinstance(contents, list) or not contents:
        yield "* GenerateContentRequest.contents: contents is not specified"
        return
    for index, turn in enumerate(contents):
        yield from _turn_problems(f"contents[{index}]", turn)
    if "systemInstruction" in body:
        yield from _turn_problems("system_instruction", body["systemInstruction"])
    yield from _tool_problems(body)
    yield from _generation_problems(body)


def _turn_problems(path: str, turn: Any) -> Iterator[str]:
    if not isinstance(turn, dict) or turn.get("role", "user") not in ("user", "model"):
        yield "Please use a valid role: user, model."
        return
    if not turn.get("parts"):
        yield f"* GenerateContentRequest.{path}.parts: contents.parts must not be empty."
        return
    for part in turn["parts"]:
        if len(part.keys() & PARTS) != 1:
            yield f"* {path}.parts.data: required oneof field 'data' must have one initialized field"


def _tool_problems(body: dict[str, Any]) -> Iterator[str]:
    declared = [one for tool in body.get("tools") or [] for one in tool.get("functionDeclarations") or [{}]]
    for one in declared:
        if not one.get("name"):
            yield "* GenerateContentRequest.tools[0].function_declarations[0].name: Invalid function name."
        if "parameters" in one and "parametersJsonSchema" in one:
            yield "parameters and parameters_json_schema can't both be set."
    calling = (body.get("toolConfig") or {}).get("functionCallingConfig") or {}
    if calling.get("mode", "AUTO") not in MODES:
        yield "Invalid value at 'tool_config.function_calling_config.mode'"
    allowed = set(calling.get("allowedFunctionNames") or [])
    if allowed - {one.get("name") for one in declared}:
        yield "allowed_function_names should be a subset of the function declarations."
    if allowed and calling.get("mode") not in ("ANY", "VALIDATED"):
        yield "allowed_function_names should only be set when the function calling mode is ANY."


def _generation_problems(body: dict[str, Any]) -> Iterator[str]:
    config = body.get("generationConfig") or {}
    for name in config.keys() - GENERATION:
        yield UNKNOWN.format(name=name, where=" at 'generation_config'")
    as_json = config.get("responseMimeType") == "application/json"
    schemas = [name for name in ("responseSchema", "responseJsonSchema") if config.get(name) is not None]
    if schemas and not as_json:
        yield "response_schema requires response_mime_type to be application/json"
    if len(schemas) > 1:
        yield "Only one of response_schema and response_json_schema can be set."
    if as_json and body.get("tools"):
        yield "Function calling with a response mime type: 'application/json' is unsupported"
    if "maxOutputTokens" in config and config["maxOutputTokens"] < 1:
        yield "max_output_tokens must be positive."
