"""OpenAI's own endpoint: only it insists on the newer field for the answer's length."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from workers.llm.providers.dialect import Dialect, Target

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI
    from pydantic_ai.messages import ModelResponse
    from pydantic_ai.models.openai import OpenAIChatModel

    from workers.llm.providers.openai_batches import ChatBatches

ADDRESS = "https://api.openai.com"


def open_model(target: Target, http: httpx2.AsyncClient) -> OpenAIChatModel:
    """A model with what OpenAI's API is known to take."""
    return _model(target, client(target, http))


def open_batches(target: Target, http: httpx2.AsyncClient) -> ChatBatches:
    """The same model's batches."""
    from workers.llm.providers.openai_batches import ChatBatches

    return ChatBatches(client(target, http), partial(_model, target))


def client(target: Target, http: httpx2.AsyncClient) -> AsyncOpenAI:
    """The SDK, which is to try nothing twice."""
    from workers.llm.providers.openai_client import QuickOpenAI

    return QuickOpenAI(base_url=target.base_url, api_key=target.secret(), http_client=http, max_retries=0)


def _model(target: Target, sdk: AsyncOpenAI) -> OpenAIChatModel:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai import OpenAIProvider

    return OpenAIChatModel(
        target.model,
        provider=OpenAIProvider(openai_client=sdk),
        profile=OpenAIModelProfile(supports_json_object_output=True, supports_json_schema_output=True),
    )


def read(body: bytes) -> ModelResponse | None:
    """What a plain answer says."""
    from workers.llm.providers import plain_openai

    return plain_openai.read(body)


DIALECT = Dialect(
    (
        "workers.llm.providers.openai_client",
        "pydantic_ai.models.openai",
        "workers.llm.providers.plain_openai",
        "pydantic_ai.providers.openai",
    ),
    open_model=open_model,
    open_batches=open_batches,
    batch_libraries=("workers.llm.providers.openai_batches",),
    read=read,
)
