"""Scripted answers in Google's wire format: one JSON document, or server-sent events of the same form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.models.answers import Failure, Reply, Tokens, Uncounted
from tests.fakes.models.request import ModelRequest, parse_object
from tests.fakes.models.settling import Said, arguments, pieces, tool_name

FINISH = {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"}
STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
TOO_LONG = "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
EXHAUSTED = "You exceeded your current quota, please check your plan and billing details."
NOT_FOUND = "models/{name} is not found for API version v1beta, or is not supported for generateContent."
WORDS = {
    "invalid_api_key": (400, "API key not valid. Please pass a valid API key."),
    "context_length_exceeded": (400, TOO_LONG),
    "insufficient_quota": (429, EXHAUSTED),
    "rate_limit_exceeded": (429, EXHAUSTED),
    "overloaded": (503, "The model is overloaded. Please try again later."),
    "request_too_large": (400, "Request payload size exceeds the limit: 20971520 bytes."),
}
RPC = "type.googleapis.com/google.rpc"


def usage_json(tokens: Tokens | Uncounted) -> dict[str, Any]:
    """The field `usageMetadata`, whose candidates lack the thoughts, or nothing."""
    if isinstance(tokens, Uncounted):
        return {}
    counts = {
        "promptTokenCount": tokens.input,
        "candidatesTokenCount": tokens.output - tokens.reasoning,
        "totalTokenCount": tokens.input + tokens.output,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens.input}],
    }
    if tokens.cached:
        counts["cachedContentTokenCount"] = tokens.cached
    if tokens.reasoning:
        counts["thoughtsTokenCount"] = tokens.reasoning
    return {"usageMetadata": counts}


def content_json(
    request: ModelRequest, answer: Said, number: int, tokens: Tokens | Uncounted
) -> dict[str, Any]:
    """The answer as one document."""
    foot = {**usage_json(tokens), **_foot(request, number)}
    if isinstance(answer, Reply) and answer.finish_reason == "blocked":
        return {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, **foot}
    return {"candidates": [_candidate(_parts(request, answer), _finish(answer))], **foot}


def events(
    request: ModelRequest, answer: Said, number: int, tokens: Tokens | Uncounted
) -> Iterator[dict[str, Any]]:
    """The answer as the documents of a stream; the last one has the reason and the usage."""
    foot = _foot(request, number)
    if isinstance(answer, Reply) and answer.finish_reason != "blocked":
        *begun, last = pieces(answer.text) or [""]
        for piece in begun:
            yield {"candidates": [_candidate([{"text": piece}], None)], **foot}
        answer = Reply(last, answer.finish_reason)
    yield content_json(request, answer, number, tokens)


def _foot(request: ModelRequest, number: int) -> dict[str, Any]:
    return {"modelVersion": request.model, "responseId": f"response-{number:08d}"}


def _finish(answer: Said) -> str:
    return FINISH.get(answer.finish_reason, answer.finish_reason) if isinstance(answer, Reply) else "STOP"


def _parts(request: ModelRequest, answer: Said) -> list[dict[str, Any]]:
    if isinstance(answer, Reply):
        return [{"text": answer.text}] if answer.text else []
    return [{"functionCall": {"name": tool_name(answer, request), "args": parse_object(arguments(answer))}}]


def _candidate(parts: list[dict[str, Any]], finish: str | None) -> dict[str, Any]:
    content = {"content": {"parts": parts, "role": "model"}} if parts else {"content": {"role": "model"}}
    return content | {"index": 0} | ({"finishReason": finish} if finish else {})


def translate(failure: Failure) -> Failure:
    """A failure with Google's status and words for it."""
    code, message = WORDS.get(failure.code or "", (failure.status, failure.message))
    if failure.code == "model_not_found":
        message = NOT_FOUND.format(name=failure.message.split("`")[1])
    return Failure(code, message, failure.code, STATUSES.get(code, "UNKNOWN"), failure.headers)


def error_json(failure: Failure) -> dict[str, Any]:
    """A translated failure as Google says it; the wait stands in the body, not in a header."""
    error: dict[str, Any] = {"code": failure.status, "message": failure.message, "status": failure.type}
    details = list(_details(failure))
    return {"error": error | ({"details": details} if details else {})}


def _details(failure: Failure) -> Iterator[dict[str, Any]]:
    if failure.code == "invalid_api_key":
        yield {"@type": f"{RPC}.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
    if failure.status == 429:
        span = "Day" if failure.code == "insufficient_quota" else "Minute"
        broken = {"quotaId": f"GenerateRequestsPer{span}PerProjectPerModel", "quotaValue": "15"}
        yield {"@type": f"{RPC}.QuotaFailure", "violations": [broken]}
    if "retry-after" in failure.headers:
        yield {"@type": f"{RPC}.RetryInfo", "retryDelay": f"{failure.headers['retry-after']}s"}
