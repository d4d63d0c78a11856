"""Scripted answers in OpenAI's wire format: one JSON document, or server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.fakes.models.answers import Answer, Half, Reply, Tokens, ToolCall, Wrapped
from tests.fakes.models.request import ModelRequest

BYTES_PER_TOKEN = 4
CACHE_MIN_TOKENS = 1024
CACHE_STEP_TOKENS = 128
PIECE_CHARACTERS = 24


def settle(answer: Answer, request: ModelRequest) -> Reply | ToolCall:
    """The answer in one of the two forms that go over the wire."""
    if isinstance(answer, Reply | ToolCall):
        return answer
    if isinstance(answer, str):
        return Reply(answer)
    if isinstance(answer, Wrapped):
        return Reply(f"Sure! Here is my review:\n\n```json\n{json.dumps(answer.value)}\n```\n\nLet me know!")
    if isinstance(answer, Half):
        text = json.dumps(answer.value)
        return Reply(text[: len(text) // 2], "length")
    if isinstance(answer, dict):
        return ToolCall(answer) if request.tools else Reply(json.dumps(answer, ensure_ascii=False))
    raise TypeError(f"a scripted answer can't be {type(answer).__name__}")


def count(text: str) -> int:
    """An estimate of tokens, at least one."""
    return max(1, len(text.encode()) // BYTES_PER_TOKEN)


def usage_json(request: ModelRequest, answer: Reply | ToolCall, cached: int) -> dict[str, Any]:
    """Tokens used: as scripted, or estimated."""
    tokens = answer.tokens or Tokens(count(request.text), count(_said(answer)), cached)
    return {
        "prompt_tokens": tokens.input,
        "completion_tokens": tokens.output,
        "total_tokens": tokens.input + tokens.output,
        "prompt_tokens_details": {"cached_tokens": tokens.cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


def cached_tokens(request: ModelRequest, earlier: list[ModelRequest]) -> int:
    """Tokens of the longest beginning shared with an earlier request to the same model, as providers count it."""
    shared = max(
        (_shared(request.text, one.text) for one in earlier if one.model == request.model), default=0
    )
    tokens = shared // BYTES_PER_TOKEN // CACHE_STEP_TOKENS * CACHE_STEP_TOKENS
    return tokens if tokens >= CACHE_MIN_TOKENS else 0


def _shared(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:  # the longest common beginning, by halves
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def _said(answer: Reply | ToolCall) -> str:
    return answer.text if isinstance(answer, Reply) else _arguments(answer)


def _arguments(call: ToolCall) -> str:
    return call.arguments if isinstance(call.arguments, str) else json.dumps(dict(call.arguments))


def shorten(answer: Reply | ToolCall, limit: int | None) -> Reply | ToolCall:
    """Cut text at the request's limit of output tokens."""
    if isinstance(answer, ToolCall) or limit is None or len(answer.text.encode()) <= limit * BYTES_PER_TOKEN:
        return answer
    cut = answer.text.encode()[: limit * BYTES_PER_TOKEN].decode("utf-8", "ignore")
    return Reply(cut, "length", answer.tokens)


def _message(request: ModelRequest, answer: Reply | ToolCall, number: int) -> tuple[dict[str, Any], str]:
    if isinstance(answer, Reply):
        content = answer.text if answer.finish_reason != "content_filter" else answer.text or None
        return {"role": "assistant", "content": content, "refusal": None}, answer.finish_reason
    name = answer.name or request.tools[0]["name"]
    function = {"name": name, "arguments": _arguments(answer)}
    calls = [{"id": f"call_{number:08d}", "type": "function", "function": function}]
    return {"role": "assistant", "content": None, "tool_calls": calls}, "tool_calls"


def completion_json(
    request: ModelRequest, answer: Reply | ToolCall, number: int, cached: int
) -> dict[str, Any]:
    """The answer as one document."""
    message, finish = _message(request, answer, number)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
    head = _head(request, number) | {"object": "chat.completion"}
    return head | {"choices": [choice], "usage": usage_json(request, answer, cached)}


def _head(request: ModelRequest, number: int) -> dict[str, Any]:
    return {"id": f"chatcmpl-{number:08d}", "created": 1_700_000_000 + number, "model": request.model}


def events(request: ModelRequest, answer: Reply | ToolCall, number: int, cached: int) -> Iterator[str]:
    """The answer as server-sent events, ended by [DONE]."""
    message, finish = _message(request, answer, number)
    head = _head(request, number) | {"object": "chat.completion.chunk"}
    for delta in _deltas(message):
        yield _event(head | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    yield _event(head | {"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    if (request.body.get("stream_options") or {}).get("include_usage"):
        yield _event(head | {"choices": [], "usage": usage_json(request, answer, cached)})
    yield "data: [DONE]\n\n"


def _deltas(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": "" if message["content"] is not None else None}
    text = message["content"] or ""
    for start in range(0, len(text), PIECE_CHARACTERS):
        yield {"content": text[start : start + PIECE_CHARACTERS]}
    for index, call in enumerate(message.get("tool_calls", [])):
        yield {"tool_calls": [{"index": index, **call}]}


def _event(document: dict[str, Any]) -> str:
    return f"data: {json.dumps(document)}\n\n"
