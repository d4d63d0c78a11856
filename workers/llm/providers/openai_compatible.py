"""Any endpoint that speaks OpenAI's chat completions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from workers.llm.providers import openai
from workers.llm.providers.dialect import Dialect, Target

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIChatModel

    from workers.llm.providers.openai_batches import ChatBatches


def open_model(target: Target, http: httpx2.AsyncClient) -> OpenAIChatModel:
    """A model whose features are unknown: local servers often know just `max_tokens`."""
    return _model(target, openai.client(target, http))


def open_batches(target: Target, http: httpx2.AsyncClient) -> ChatBatches:
    """The same model's batches, at servers that have them."""
    from workers.llm.providers.openai_batches import ChatBatches

    return ChatBatches(openai.client(target, http), partial(_model, target))


def _model(target: Target, sdk: AsyncOpenAI) -> OpenAIChatModel:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider as Endpoint

    return OpenAIChatModel(
        target.model,
        provider=Endpoint("configured-endpoint", openai_client=sdk),
        profile=OpenAIModelProfile(
            openai_chat_supports_max_completion_tokens=False,
            supports_json_object_output=True,
            supports_json_schema_output=True,
        ),
    )


DIALECT = Dialect(
    (
        "workers.llm.providers.openai_client",
        "pydantic_ai.models.openai",
        "workers.llm.providers.plain_openai",
        "pydantic_ai.providers.openai_compatible",
    ),
    open_model=open_model,
    open_batches=open_batches,
    batch_libraries=("workers.llm.providers.openai_batches",),
    read=openai.read,
)


def dialect_at(base_url: str) -> Dialect:
    """OpenAI's own dialect at OpenAI's own address, this one elsewhere."""
    return openai.DIALECT if f"{base_url}/".startswith(f"{openai.ADDRESS}/") else DIALECT
