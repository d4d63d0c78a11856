"""Scripted answers in Anthropic's wire format: one JSON document, or named server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.models.answers import Failure, Reply, Tokens, Uncounted
from tests.fakes.models.request import ModelRequest, parse_object
from tests.fakes.models.settling import Said, arguments, pieces, tool_name

STOP = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal", "blocked": "refusal"}
TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
TOO_LONG = "prompt is too long: 208310 tokens > 200000 maximum"
NO_CREDIT = (
    "Your credit balance is too low to access the Anthropic API."
    " Please go to Plans & Billing to upgrade or purchase credits."
)
WORDS = {
    "invalid_api_key": (401, "invalid x-api-key"),
    "context_length_exceeded": (400, TOO_LONG),
    "insufficient_quota": (400, NO_CREDIT),
    "overloaded": (529, "Overloaded"),
}


def usage_json(tokens: Tokens | Uncounted) -> dict[str, Any]:
    """The field `usage`, whose input_tokens are those that the cache had nothing to do with, or nothing."""
    if isinstance(tokens, Uncounted):
        return {}
    counts = {
        "input_tokens": tokens.input - tokens.cached - tokens.written,
        "cache_creation_input_tokens": tokens.written,
        "cache_read_input_tokens": tokens.cached,
        "cache_creation": {
            "ephemeral_5m_input_tokens": tokens.written - tokens.written_1h,
            "ephemeral_1h_input_tokens": tokens.written_1h,
        },
        "output_tokens": tokens.output,
        "service_tier": "standard",
    }
    return {"usage": counts}


def message_json(
    request: ModelRequest, answer: Said, number: int, tokens: Tokens | Uncounted
) -> dict[str, Any]:
    """The answer as one document."""
    content, reason = _content(request, answer, number)
    head = {"id": f"msg_{number:08d}", "type": "message", "role": "assistant", "model": request.model}
    return head | {"content": content, "stop_reason": reason, "stop_sequence": None, **usage_json(tokens)}


def events(
    request: ModelRequest, answer: Said, number: int, tokens: Tokens | Uncounted
) -> Iterator[dict[str, Any]]:
    """The answer as the events of a stream; usage comes at the start and, whole, before the end."""
    message = message_json(request, answer, number, tokens)
    begun = message.get("usage", {}) | ({"output_tokens": 1} if "usage" in message else {})
    empty = {"content": [], "stop_reason": None, **({"usage": begun} if begun else {})}
    yield {"type": "message_start", "message": message | empty}
    for index, block in enumerate(message["content"]):
        yield from _block_events(index, block, answer)
    delta = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, **_delta_usage(message)}
    yield {"type": "message_stop"}


def _content(request: ModelRequest, answer: Said, number: int) -> tuple[list[dict[str, Any]], str]:
    if isinstance(answer, Reply):
        blocks = [{"type": "text", "text": answer.text}] if answer.text else []
        return blocks, STOP.get(answer.finish_reason, answer.finish_reason)
    call = {"type": "tool_use", "id": f"toolu_{number:08d}", "name": tool_name(answer, request)}
    return [call | {"input": parse_object(arguments(answer))}], "tool_use"


def _block_events(index: int, block: Mapping[str, Any], answer: Said) -> Iterator[dict[str, Any]]:
    if isinstance(answer, Reply):
        start: dict[str, Any] = {"type": "text", "text": ""}
        deltas = [{"type": "text_delta", "text": piece} for piece in pieces(answer.text)]
    else:
        start = dict(block) | {"input": {}}
        parts = ["", *pieces(arguments(answer))]
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in parts]
    yield {"type": "content_block_start", "index": index, "content_block": start}
    if not index:
        yield {"type": "ping"}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def _delta_usage(message: Mapping[str, Any]) -> dict[str, Any]:
    if "usage" not in message:
        return {}
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
    return {"usage": {name: message["usage"][name] for name in names}}


def sse(event: Mapping[str, Any]) -> str:
    """One server-sent event with its name."""
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"


def translate(failure: Failure) -> Failure:
    """A failure with Anthropic's status, type and words for it."""
    status, message = WORDS.get(failure.code or "", (failure.status, failure.message))
    kind = TYPES.get(status, "invalid_request_error" if status < 500 else "api_error")
    if failure.code == "model_not_found":
        message = f"model: {failure.message.split('`')[1]}"
    return Failure(status, message, failure.code, kind, failure.headers)


def error_json(failure: Failure) -> dict[str, Any]:
    """A translated failure as Anthropic says it."""
    error = {"type": failure.type, "message": failure.message}
    return {"type": "error", "error": error, "request_id": "req_011CSHoEeqs5C35K2UUqR7Fy"}
