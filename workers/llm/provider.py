"""The seam between the gateway and one endpoint: a conversation goes in, text and token counts come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation after the system text: `role` is "user" or "assistant"."""

    role: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One request to an endpoint. `schema` is the JSON Schema of the wanted object, `schema_name` its name."""

    system: str = field(repr=False)
    turns: tuple[Turn, ...]
    schema: Mapping[str, Any] = field(repr=False)
    schema_name: str
    output_max_tokens: int
    timeout_s: float
    prefix_chars: int = 0
    """How much of the first turn is shared by other questions of the run: it is worth the provider's prompt cache."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint said. `input_tokens` includes `cached_tokens` and `written_tokens` (read from and written to the
    provider's prompt cache); `truncated`: stopped at the token limit.
    """

    text: str = field(repr=False)
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    truncated: bool = False
    written_tokens: int = 0


class ProviderError(Exception):
    """One attempt failed. `kind` is ModelError's; `retryable`: the same request may succeed later.

    `may_cost` is True when the endpoint may have billed the attempt all the same (it was read, the answer was lost).
    The message holds nothing that the endpoint sent: bodies of errors repeat prompts and parts of keys.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        retryable: bool = False,
        retry_after_s: float | None = None,
        may_cost: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.retryable = retryable
        self.retry_after_s = retry_after_s
        self.may_cost = may_cost


class Provider(Protocol):
    """One endpoint that serves one model."""

    async def ask(self, question: Question) -> Answer:
        """Send one request, once; raises ProviderError."""
        ...


class Batcher(Protocol):
    """One endpoint that serves one model by batches: slower than asking, and cheaper."""

    async def submit(self, questions: Sequence[Question]) -> str:
        """Hand questions in; the ticket to ask for their answers, also in another process. Raises ProviderError."""
        ...

    async def poll(
        self, ticket: str, questions: Sequence[Question]
    ) -> Sequence[Answer | ProviderError] | None:
        """None while the batch runs, then what became of each of the same `questions`. Raises ProviderError."""
        ...

    async def cancel(self, ticket: str) -> None:
        """Ask that what hasn't been answered be left. Raises ProviderError."""
        ...
