"""Scripted answers in OpenAI's wire format: one JSON document, or server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.fakes.models.answers import Failure, Reply, Tokens, Uncounted
from tests.fakes.models.request import ModelRequest
from tests.fakes.models.settling import Said, arguments, pieces, tool_name

FINISH = {"blocked": "content_filter"}


def usage_json(tokens: Tokens | Uncounted) -> dict[str, Any]:
    """The field `usage`, or nothing."""
    if isinstance(tokens, Uncounted):
        return {}
    counts = {
        "prompt_tokens": tokens.input,
        "completion_tokens": tokens.output,
        "total_tokens": tokens.input + tokens.output,
        "prompt_tokens_details": {"cached_tokens": tokens.cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": tokens.reasoning, "audio_tokens": 0},
    }
    return {"usage": counts}


def completion_json(
    request: ModelRequest, answer: Said, number: int, tokens: Tokens | Uncounted
) -> dict[str, Any]:
    """The answer as one document."""
    message, finish = _message(request, answer, number)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
    head = _head(request, number) | {"object": "chat.completion"}
    return head | {"choices": [choice], **usage_json(tokens)}


def events(
    request: ModelRequest, answer: Said, number: int, tokens: Tokens | Uncounted
) -> Iterator[dict[str, Any]]:
    """The answer as the documents of a stream."""
    message, finish = _message(request, answer, number)
    head = _head(request, number) | {"object": "chat.completion.chunk"}
    for delta in _deltas(message):
        yield head | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield head | {"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}
    if (request.body.get("stream_options") or {}).get("include_usage"):
        yield head | {"choices": [], **usage_json(tokens)}


def _message(request: ModelRequest, answer: Said, number: int) -> tuple[dict[str, Any], str]:
    if isinstance(answer, Reply):
        finish = FINISH.get(answer.finish_reason, answer.finish_reason)
        content = answer.text if finish != "content_filter" else answer.text or None
        return {"role": "assistant", "content": content, "refusal": None}, finish
    function = {"name": tool_name(answer, request), "arguments": arguments(answer)}
    calls = [{"id": f"call_{number:08d}", "type": "function", "function": function}]
    return {"role": "assistant", "content": None, "tool_calls": calls}, "tool_calls"


def _head(request: ModelRequest, number: int) -> dict[str, Any]:
    return {"id": f"chatcmpl-{number:08d}", "created": 1_700_000_000 + number, "model": request.model}


def _deltas(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": "" if message["content"] is not None else None}
    for piece in pieces(message["content"] or ""):
        yield {"content": piece}
    for index, call in enumerate(message.get("tool_calls", [])):
        yield {"tool_calls": [{"index": index, **call}]}


def sse(document: dict[str, Any]) -> str:
    """One server-sent event without a name."""
    return f"data: {json.dumps(document)}\n\n"


def error_json(failure: Failure) -> dict[str, Any]:
    """A failure as OpenAI says it."""
    error = {"message": failure.message, "type": failure.type, "param": None, "code": failure.code}
    return {"error": error}
