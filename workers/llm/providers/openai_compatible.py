"""Any endpoint that speaks OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from pydantic import SecretStr

from config.catalogue import OutputMode
from workers.llm.providers import openai
from workers.llm.providers.connections import BODY_MAX_BYTES, Connections
from workers.llm.providers.dialect import Advice, Dialect, Target
from workers.llm.providers.remote import RemoteModel

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIChatModel

    from workers.llm.providers.openai_batches import ChatBatches

__all__ = ["BODY_MAX_BYTES", "DIALECT", "OpenAICompatibleProvider", "OutputMode"]

ADVICE = Advice(
    key="the variable named by QUORUM_MODEL_API_KEY_ENV",
    address="QUORUM_MODEL and QUORUM_MODEL_BASE_URL",
    window="lower QUORUM_MODEL_CONTEXT_TOKENS",
)


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
    ("openai", "pydantic_ai.models.openai", "pydantic_ai.providers.openai_compatible"),
    open_model=open_model,
    open_batches=open_batches,
    batch_libraries=("workers.llm.providers.openai_batches",),
)


def dialect_at(base_url: str) -> Dialect:
    """OpenAI's own dialect at OpenAI's own address, this one elsewhere."""
    return openai.DIALECT if f"{base_url}/".startswith(f"{openai.ADDRESS}/") else DIALECT


class OpenAICompatibleProvider(RemoteModel):
    """One model at one base URL, without a catalogue.

    `api_key_env` names a variable of `environ`; its value is read here, once, and kept out of every text.
    """

    def __init__(
        self,
        model: str,
        base_url: str,
        *,
        api_key_env: str,
        environ: Mapping[str, str],
        output_mode: OutputMode = "prompted",
    ) -> None:
        target = Target(model, base_url, SecretStr(environ.get(api_key_env, "")), ADVICE)
        super().__init__(target, dialect_at(base_url), output_mode, Connections(), shared=False)
