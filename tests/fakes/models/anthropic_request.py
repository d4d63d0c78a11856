"""A messages request as the fake understood it, and what Anthropic would find wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.models.request import ModelRequest

FIELDS = frozenset(
    [
        "model",
        "messages",
        "max_tokens",
        "system",
        "tools",
        "tool_choice",
        "output_config",
        "output_format",
        "stream",
        "temperature",
        "top_p",
        "top_k",
        "stop_sequences",
        "metadata",
        "thinking",
        "service_tier",
        "cache_control",
        "container",
        "context_management",
        "mcp_servers",
        "inference_geo",
        "speed",
        "diagnostics",
    ]
)
BLOCKS = frozenset(
    [
        "text",
        "image",
        "document",
        "search_result",
        "tool_use",
        "tool_result",
        "thinking",
        "redacted_thinking",
        "server_tool_use",
    ]
)
CHOICES = ("auto", "any", "tool", "none")
CACHE_MARKS_MAX = 4
TEXT_EMPTY = "messages: text content blocks must be non-empty"


class AnthropicRequest(ModelRequest):
    """One request to /v1/messages."""

    @property
    def text(self) -> str:
        """The system prompt and all that was said, one block after the other."""
        return "\n".join(_text(block) for block in self.blocks if block.get("type") != "tool")

    @property
    def blocks(self) -> Iterator[dict[str, Any]]:
        """Everything the model reads, in the order in which it is cached: tools, system, messages."""
        for tool in self.body.get("tools") or []:
            yield {"type": "tool", **tool}
        yield from as_blocks(self.body.get("system") or [])
        for message in self.messages:
            for block in as_blocks(message["content"]):
                yield {"role": message["role"], **block}

    @property
    def tools(self) -> list[dict[str, Any]]:
        """The offered functions: name, description, parameters."""
        return [
            {
                "name": one["name"],
                "description": one.get("description", ""),
                "parameters": one["input_schema"],
            }
            for one in self.body.get("tools") or []
        ]

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """The JSON schema that the answer has to meet, from output_config or the first tool."""
        form = (self.body.get("output_config") or {}).get("format") or {}
        schema: Mapping[str, Any] | None = form.get("schema")
        return schema or (self.tools[0]["parameters"] if self.tools else None)

    @property
    def output_max_tokens(self) -> int | None:
        """The limit of the answer."""
        return int(self.body["max_tokens"])


def as_blocks(content: Any) -> list[dict[str, Any]]:
    """Content in its long form."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def _text(block: Mapping[str, Any]) -> str:
    if block["type"] == "text":
        return str(block["text"])
    if block["type"] == "tool_result":
        return "\n".join(_text(one) for one in as_blocks(block.get("content") or []))
    return json.dumps(block.get("input")) if block["type"] == "tool_use" else ""


def anthropic_problem(body: Any) -> str | None:
    """What is wrong with the shape of a request, or None."""
    if not isinstance(body, dict):
        return "The request body is not valid JSON: expected value at line 1 column 1"
    return next(_problems(body), None)


def _problems(body: dict[str, Any]) -> Iterator[str]:
    if not isinstance(body.get("model"), str):
        yield "model: Field required"
    limit = body.get("max_tokens")
    if not isinstance(limit, int) or limit < 1:
        yield (
            "max_tokens: Field required"
            if limit is None
            else "max_tokens: must be greater than or equal to 1"
        )
    for name in body.keys() - FIELDS:
        yield f"{name}: Extra inputs are not permitted"
    if not 0 <= (body.get("temperature") or 0) <= 1:
        yield "temperature: range: 0..1"
    yield from _message_problems(body.get("messages"))
    yield from _system_problems(body.get("system"))
    yield from _tool_problems(body)
    yield from _format_problems(body.get("output_config"))
    yield from _cache_problems(body)


def _message_problems(messages: Any) -> Iterator[str]:
    if not isinstance(messages, list) or not messages:
        yield "messages: at least one message is required"
        return
    expected = "user"
    for index, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ("user", "assistant"):
            yield f"messages.{index}.role: Input should be 'user' or 'assistant'"
            return
        if message["role"] != expected:
            yield 'messages: roles must alternate between "user" and "assistant", and begin with "user"'
        yield from _content_problems(f"messages.{index}.content", message.get("content"))
        expected = "assistant" if message["role"] == "user" else "user"
    yield from _pairing_problems(messages)


def _content_problems(path: str, content: Any) -> Iterator[str]:
    if not isinstance(content, str | list):
        yield f"{path}: Field required"
    elif not content:
        yield f"{path}: user messages must have non-empty content"
    elif isinstance(content, list):
        for index, block in enumerate(content):
            yield from _block_problems(f"{path}.{index}", block)


def _block_problems(path: str, block: Any) -> Iterator[str]:
    if not isinstance(block, dict) or block.get("type") not in BLOCKS:
        yield f"{path}: Input tag found using 'type' does not match any of the expected tags"
    elif block["type"] == "text" and not (isinstance(block.get("text"), str) and block["text"]):
        yield TEXT_EMPTY
    elif block["type"] == "tool_use" and not {"id", "name", "input"} <= block.keys():
        yield f"{path}.tool_use.id: Field required"
    elif block["type"] == "tool_result" and not block.get("tool_use_id"):
        yield f"{path}.tool_result.tool_use_id: Field required"


def _pairing_problems(messages: list[dict[str, Any]]) -> Iterator[str]:
    called: set[str] = set()
    for index, message in enumerate(messages):
        blocks = [one for one in as_blocks(message.get("content") or []) if isinstance(one, dict)]
        results = {one.get("tool_use_id") for one in blocks if one.get("type") == "tool_result"}
        if called - results:
            ids = (
                f"ids were found without `tool_result` blocks immediately after: {', '.join(sorted(called))}"
            )
            yield f"messages.{index - 1}: `tool_use` {ids}"
        if results - called:
            yield f"messages.{index}: unexpected `tool_use_id` found in `tool_result` blocks"
        called = {str(one.get("id")) for one in blocks if one.get("type") == "tool_use"}


def _system_problems(system: Any) -> Iterator[str]:
    if system is None or isinstance(system, str):
        return
    if not isinstance(system, list):
        yield "system: Input should be a valid list"
        return
    for index, block in enumerate(system):
        if not isinstance(block, dict) or block.get("type") != "text":
            yield f"system.{index}.type: Input should be 'text'"
        elif not block.get("text"):
            yield "system: text content blocks must be non-empty"


def _tool_problems(body: dict[str, Any]) -> Iterator[str]:
    tools, choice = body.get("tools") or [], body.get("tool_choice")
    for index, tool in enumerate(tools):
        if not isinstance(tool, dict) or not tool.get("name"):
            yield f"tools.{index}.custom.name: Field required"
        elif (tool.get("input_schema") or {}).get("type") != "object":
            yield f"tools.{index}.custom.input_schema.type: Field required"
    if choice is None:
        return
    if not isinstance(choice, dict) or choice.get("type") not in CHOICES:
        yield "tool_choice: Input tag does not match any of the expected tags: 'auto', 'any', 'tool', 'none'"
    elif not tools and choice["type"] != "none":
        yield "tool_choice: tool_choice may only be specified while providing tools."
    elif choice["type"] == "tool" and choice.get("name") not in {one.get("name") for one in tools}:
        yield f"Tool '{choice.get('name')}' not found in provided tools"
    elif choice["type"] in ("any", "tool") and (body.get("thinking") or {}).get("type") == "enabled":
        yield "Thinking may not be enabled when tool_choice forces tool use."


def _format_problems(config: Any) -> Iterator[str]:
    form = config.get("format") if isinstance(config, dict) else None
    if form is None:
        return
    if form.get("type") != "json_schema" or not isinstance(form.get("schema"), dict):
        yield "output_config.format: expected type 'json_schema' with a schema"
        return
    if any(
        one.get("type") == "object" and one.get("additionalProperties") is not False for one in _nodes(form)
    ):
        path = "output_config.format.schema"
        yield f"{path}: For 'object' type, 'additionalProperties' must be explicitly set to false"


def _cache_problems(body: dict[str, Any]) -> Iterator[str]:
    marks = [node["cache_control"] for node in _nodes(body) if node.get("cache_control")]
    if len(marks) > CACHE_MARKS_MAX:
        yield f"A maximum of 4 blocks with cache_control may be provided. Found {len(marks)}."
    for mark in marks:
        if mark.get("type") != "ephemeral" or mark.get("ttl", "5m") not in ("5m", "1h"):
            yield "cache_control: expected {'type': 'ephemeral', 'ttl': '5m' | '1h'}"


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            if isinstance(one, dict | list):
                yield from _nodes(one)
