"""Model servers that answer what a test scripted."""

from tests.fakes.models.answers import (
    Answer,
    Disconnect,
    Failure,
    Half,
    Reply,
    Silence,
    Tokens,
    ToolCall,
    Wrapped,
    context_too_long,
    filtered,
    model_not_found,
    quota_exhausted,
    rate_limited,
    server_error,
    unauthorised,
)
from tests.fakes.models.request import ModelRequest
from tests.fakes.models.server import FakeOpenAI

__all__ = [
    "Answer",
    "Disconnect",
    "Failure",
    "FakeOpenAI",
    "Half",
    "ModelRequest",
    "Reply",
    "Silence",
    "Tokens",
    "ToolCall",
    "Wrapped",
    "context_too_long",
    "filtered",
    "model_not_found",
    "quota_exhausted",
    "rate_limited",
    "server_error",
    "unauthorised",
]
