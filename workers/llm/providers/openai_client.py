"""OpenAI's SDK without its search of each request for fields to rename: a chat has none, and the search is dear."""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

from openai import AsyncOpenAI, NotGiven, Omit
from openai.resources.chat import AsyncChat, AsyncCompletions
from openai.types.chat import ChatCompletion
from pydantic import ValidationError

LEFT_OUT = (Omit, NotGiven)
OPTIONS = {"extra_headers": "headers", "extra_body": "extra_json", "timeout": "timeout"}
"""What of the arguments is no part of the body, and how it is called below."""


class QuickOpenAI(AsyncOpenAI):
    """Completions go through the door that the SDK has for endpoints that it doesn't know: sent as they are."""

    @cached_property
    def chat(self) -> AsyncChat:
        """With completions of our own."""
        return _Chat(self)


class _Chat(AsyncChat):
    @cached_property
    def completions(self) -> AsyncCompletions:
        return cast("AsyncCompletions", _Completions(self._client))


class _Completions:
    """As much of the SDK's as pydantic-ai wants for an answer that comes whole."""

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client

    async def create(self, **said: Any) -> ChatCompletion:
        """Ask for a completion; raises the SDK's errors."""
        body = {name: value for name, value in said.items() if not isinstance(value, LEFT_OUT)}
        options: Any = {told: body.pop(name) for name, told in OPTIONS.items() if name in body}
        options["security"] = {"bearer_auth": True}
        answer = await self._client.post("/chat/completions", cast_to=object, body=body, options=options)
        return _completion(answer)


def _completion(answer: Any) -> ChatCompletion:
    """What the SDK makes of it, but where all fits by pydantic's compiled half, in a fiftieth of the time."""
    try:
        return ChatCompletion.model_validate(answer)
    except ValidationError:
        return (
            ChatCompletion.construct(**answer) if isinstance(answer, dict) else cast("ChatCompletion", answer)
        )
