"""What a scripted model says, and the ways in which it fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.fakes.models.request import ModelRequest


@dataclass(frozen=True)
class Tokens:
    """Usage to report in the place of the estimate; `input` holds `cached` and `written`, `output` the `reasoning`.

    `written_1h` is the part of `written` that is kept, and costs, longer.
    The numbers may lie: negative, huge, NaN.
    """

    input: float
    output: float
    cached: float = 0
    written: float = 0
    reasoning: float = 0
    written_1h: float = 0


@dataclass(frozen=True)
class Uncounted:
    """No usage at all in the answer."""


@dataclass(frozen=True)
class Reply:
    """Text with its finish reason; `tokens` None: estimated from the texts.

    "stop", "length", "content_filter" and "blocked" (the prompt, not the answer) are said in each wire's own
    words; anything else goes out as it is.
    """

    text: str
    finish_reason: str = "stop"
    tokens: Tokens | Uncounted | None = None


@dataclass(frozen=True)
class ToolCall:
    """A call of an offered tool; `name` empty: the first one offered."""

    arguments: Mapping[str, Any] | str
    name: str = ""
    tokens: Tokens | Uncounted | None = None


@dataclass(frozen=True)
class Wrapped:
    """JSON between prose and a code fence, as chatty models write it."""

    value: Any


@dataclass(frozen=True)
class Half:
    """JSON that breaks off in the middle, as at an output limit."""

    value: Any


@dataclass(frozen=True)
class Failure:
    """An HTTP error, named as OpenAI names it; other wires translate its code, or its status where it has none."""

    status: int
    message: str
    code: str | None = None
    type: str = "invalid_request_error"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Silence:
    """Nothing for `seconds`, then `then`; ends at once when the client goes away."""

    seconds: float
    then: Answer = ""


@dataclass(frozen=True)
class Disconnect:
    """The connection breaks without an answer."""


@dataclass(frozen=True)
class Raw:
    """A body as it stands, whatever the wire says."""

    body: str
    status: int = 200
    content_type: str = "application/json"


@dataclass(frozen=True)
class Huge:
    """A well-formed answer whose text has `text_bytes`, above any limit of output tokens."""

    text_bytes: int = 5 * 1024 * 1024


@dataclass(frozen=True)
class Inside:
    """A failure told with status 200, as gateways do when it came after the headers."""

    failure: Failure


@dataclass(frozen=True)
class Drip:
    """The body of `then` in small pieces with a pause after each; ends when the client goes away."""

    then: Answer = "drop by drop"
    piece_bytes: int = 16
    pause_s: float = 0.05


@dataclass(frozen=True)
class Cut:
    """The connection breaks when `after_bytes` of the body of `then` are out."""

    then: Answer = "this will never be read to its end"
    after_bytes: int = 40


Answer: TypeAlias = (
    "str | Mapping[str, Any] | Reply | ToolCall | Wrapped | Half | Failure | Silence | Disconnect"
    " | Raw | Huge | Inside | Drip | Cut"
    " | Callable[[ModelRequest], Answer | Awaitable[Answer]]"
)
"""A string is said as it is; a mapping is JSON, as a tool call where tools are offered; a callable decides."""


def rate_limited(retry_after_s: float | None = None) -> Failure:
    """429, with Retry-After if a wait is given."""
    headers = {} if retry_after_s is None else {"retry-after": f"{retry_after_s:g}"}
    return Failure(429, "Rate limit reached for requests", "rate_limit_exceeded", "requests", headers)


def server_error(status: int = 500) -> Failure:
    """The provider's own trouble."""
    return Failure(status, "The server had an error while processing your request.", None, "server_error")


def unauthorised() -> Failure:
    """The key isn't accepted."""
    return Failure(401, "Incorrect API key provided.", "invalid_api_key")


def model_not_found(name: str) -> Failure:
    """No such model, or not for this key."""
    message = f"The model `{name}` does not exist or you do not have access to it."
    return Failure(404, message, "model_not_found")


def quota_exhausted() -> Failure:
    """429 that no wait will heal."""
    message = "You exceeded your current quota, please check your plan and billing details."
    return Failure(429, message, "insufficient_quota", "insufficient_quota")


def context_too_long(limit_tokens: int = 8192) -> Failure:
    """The prompt doesn't fit."""
    message = f"This model's maximum context length is {limit_tokens} tokens. Please reduce the length of the messages."
    return Failure(400, message, "context_length_exceeded")


def filtered(text: str = "") -> Reply:
    """The provider's filter stopped the answer."""
    return Reply(text, "content_filter")


def blocked() -> Reply:
    """The provider refused the prompt itself."""
    return Reply("", "blocked")


def forbidden() -> Failure:
    """The key is good and may not do this."""
    return Failure(403, "You are not allowed to use this model.", "permission_denied")


def overloaded(status: int = 503) -> Failure:
    """Too much to do at the provider's; each wire has its own status for it."""
    return Failure(status, "The engine is currently overloaded.", "overloaded", "server_error")


def too_large() -> Failure:
    """More bytes than the endpoint takes."""
    return Failure(413, "Request exceeds the maximum size.", "request_too_large")


def payment_required() -> Failure:
    """The account holds no money."""
    return Failure(402, "This request requires more credits.", "payment_required", "payment_required")


def invalid_json() -> Raw:
    """A document that breaks off, sent as if it were whole."""
    return Raw('{"id": "broken", "choices": [{"message"')
