"""Anthropic's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.llm.providers.dialect import Dialect, Target

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.messages import ModelResponse
    from pydantic_ai.models.anthropic import AnthropicModel

    from workers.llm.providers.native_batches import NativeBatches


def open_model(target: Target, http: httpx2.AsyncClient) -> AnthropicModel:
    """A model at Anthropic's API or one like it; its SDK adds /v1 by itself."""
    from anthropic import AsyncAnthropic
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.profiles.anthropic import AnthropicModelProfile
    from pydantic_ai.providers.anthropic import AnthropicProvider

    base_url = target.base_url.rstrip("/").removesuffix("/v1")
    client = AsyncAnthropic(base_url=base_url, api_key=target.secret(), http_client=http, max_retries=0)
    return AnthropicModel(
        target.model,
        provider=AnthropicProvider(anthropic_client=client),
        profile=AnthropicModelProfile(supports_json_schema_output=True),
    )


def open_batches(target: Target, http: httpx2.AsyncClient) -> NativeBatches:
    """The same model's batches."""
    from workers.llm.providers.native_batches import NativeBatches

    return NativeBatches(open_model(target, http))


def _marks_prefix(model: str) -> bool:
    return True  # nothing is cached that isn't marked


def read(body: bytes) -> ModelResponse | None:
    """What a plain answer says."""
    from workers.llm.providers import plain_anthropic

    return plain_anthropic.read(body)


DIALECT = Dialect(
    (
        "pydantic_ai.models.anthropic",
        "workers.llm.providers.plain_anthropic",
        "pydantic_ai.providers.anthropic",
    ),
    open_model=open_model,
    marks_prefix=_marks_prefix,
    open_batches=open_batches,
    batch_libraries=("workers.llm.providers.native_batches",),
    read=read,
)
