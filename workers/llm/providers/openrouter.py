"""OpenRouter: chat completions with its own headers, fields, and errors inside of successes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.llm.providers.dialect import Dialect, Target

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.models.openrouter import OpenRouterModel


def open_model(target: Target, http: httpx2.AsyncClient) -> OpenRouterModel:
    """A model behind OpenRouter; SDK and provider are put together here, for the address can't be told otherwise."""
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openrouter import OpenRouterProvider

    from workers.llm.providers.openai_client import QuickOpenAI
    from workers.llm.providers.openrouter_model import LenientOpenRouterModel

    client = QuickOpenAI(
        base_url=target.base_url,
        api_key=target.secret(),
        http_client=http,
        default_headers=_headers(target),
        max_retries=0,
    )
    return LenientOpenRouterModel(
        target.model,
        provider=OpenRouterProvider(openai_client=client),
        profile=OpenAIModelProfile(supports_json_object_output=True, supports_json_schema_output=True),
    )


def _headers(target: Target) -> dict[str, str]:
    said = {"HTTP-Referer": target.referer, "X-Title": target.title}
    return {name: text for name, text in said.items() if text}


def _marks_prefix(model: str) -> bool:
    return model.removeprefix("~").startswith("anthropic/")


DIALECT = Dialect(
    (
        "pydantic_ai.providers.openrouter",
        "workers.llm.providers.openai_client",
        "workers.llm.providers.openrouter_model",
    ),
    open_model=open_model,
    marks_prefix=_marks_prefix,
)
