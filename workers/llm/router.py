"""Which endpoint answers a task, and why."""

from __future__ import annotations

from dataclasses import dataclass

from workers.llm.prices import Price
from workers.llm.provider import Provider


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model that can be asked: its name, the client that reaches it, its price and its context window."""

    model: str
    provider: Provider
    price: Price
    window_tokens: int


@dataclass(frozen=True, slots=True)
class Route:
    """The endpoint chosen for a task and the reason, a sentence for people."""

    endpoint: Endpoint
    reason: str


def route(kind: str, endpoint: Endpoint) -> Route:
    """Choose the endpoint for a task of `kind`. One endpoint is configured, so it answers every kind."""
    return Route(endpoint, f"{endpoint.model} is the only model configured, so it answers {kind}")
