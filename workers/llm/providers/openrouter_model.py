"""pydantic-ai's OpenRouter model, for servers like OpenRouter that leave out who answered."""

from __future__ import annotations

from typing import Any

from openai.types.chat import ChatCompletion
from pydantic_ai.models.openrouter import OpenRouterModel


class LenientOpenRouterModel(OpenRouterModel):
    """The field `provider` is demanded by pydantic-ai and told by OpenRouter only."""

    def _validate_completion(self, response: ChatCompletion) -> Any:
        if getattr(response, "provider", None) is None:
            response = response.model_copy(update={"provider": "unknown"})
        return super()._validate_completion(response)
