"""generateContent of Google AI Studio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.llm.providers.dialect import Dialect, Target

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.messages import ModelResponse
    from pydantic_ai.models.google import GoogleModel

    from workers.llm.providers.native_batches import NativeBatches

API_VERSION = "v1beta"


def open_model(target: Target, http: httpx2.AsyncClient) -> GoogleModel:
    """A model at the Gemini API. The SDK's own clients, of which one is made in vain, would ask the environment."""
    import httpx2
    from google.genai import Client
    from google.genai.types import HttpOptions, HttpRetryOptions
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.profiles.google import GoogleModelProfile
    from pydantic_ai.providers.google import GoogleProvider

    options = HttpOptions(
        base_url=target.base_url.rstrip("/").removesuffix(f"/{API_VERSION}"),
        api_version=API_VERSION,
        httpx_async_client=http,
        retry_options=HttpRetryOptions(attempts=1),  # nothing is tried twice below the gateway
        httpx_client=httpx2.Client(transport=httpx2.MockTransport(_refuse), trust_env=False),
    )
    client = Client(vertexai=False, api_key=target.secret(), http_options=options)
    return GoogleModel(
        target.model,
        provider=GoogleProvider(client=client),
        profile=GoogleModelProfile(supports_json_object_output=True, supports_json_schema_output=True),
    )


def open_batches(target: Target, http: httpx2.AsyncClient) -> NativeBatches:
    """The same model's batches."""
    from workers.llm.providers.native_batches import NativeBatches

    return NativeBatches(open_model(target, http))


def _refuse(request: httpx2.Request) -> httpx2.Response:
    raise NotImplementedError("nothing is asked synchronously")


def read(body: bytes) -> ModelResponse | None:
    """What a plain answer says."""
    from workers.llm.providers import plain_google

    return plain_google.read(body)


DIALECT = Dialect(
    (
        "google.genai",
        "pydantic_ai.models.google",
        "workers.llm.providers.plain_google",
        "pydantic_ai.providers.google",
    ),
    open_model=open_model,
    open_batches=open_batches,
    batch_libraries=("workers.llm.providers.native_batches",),
    read=read,
)
