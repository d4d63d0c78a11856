"""OpenAI's own endpoint: only it insists on the newer field for the answer's length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.llm.providers.dialect import Dialect, Target

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel

ADDRESS = "https://api.openai.com"


def open_model(target: Target, http: httpx2.AsyncClient) -> OpenAIChatModel:
    """A model with what OpenAI's API is known to take."""
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai import OpenAIProvider

    return OpenAIChatModel(
        target.model,
        provider=OpenAIProvider(base_url=target.base_url, api_key=target.secret(), http_client=http),
        profile=OpenAIModelProfile(supports_json_object_output=True, supports_json_schema_output=True),
    )


def open_for_batches(target: Target, http: httpx2.AsyncClient) -> OpenAIResponsesModel:
    """The same model by the API whose batches pydantic-ai knows; it tries nothing twice by itself."""
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIResponsesModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai import OpenAIProvider

    client = AsyncOpenAI(base_url=target.base_url, api_key=target.secret(), http_client=http, max_retries=0)
    return OpenAIResponsesModel(
        target.model,
        provider=OpenAIProvider(openai_client=client),
        profile=OpenAIModelProfile(supports_json_object_output=True, supports_json_schema_output=True),
    )


DIALECT = Dialect(
    ("pydantic_ai.models.openai", "pydantic_ai.providers.openai"),
    open_model=open_model,
    batches=True,
    open_for_batches=open_for_batches,
)
