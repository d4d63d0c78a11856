"""Which dialect serves which wire: a new one is a file and a row."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

from config.catalogue import ModelSpec, ProviderSpec, Wire
from workers.llm.providers import anthropic, google, openai_compatible, openrouter
from workers.llm.providers.batching import BODY_MAX_BYTES, RemoteBatcher
from workers.llm.providers.connections import Connections
from workers.llm.providers.dialect import Advice, Dialect, Target
from workers.llm.providers.remote import RemoteModel

DIALECTS: Mapping[Wire, Dialect] = {
    Wire.OPENAI: openai_compatible.DIALECT,
    Wire.ANTHROPIC: anthropic.DIALECT,
    Wire.GOOGLE: google.DIALECT,
    Wire.OPENROUTER: openrouter.DIALECT,
}


def open_provider(
    model: ModelSpec,
    provider: ProviderSpec,
    base_url: str,
    key: SecretStr,
    *,
    referer: str = "",
    title: str = "",
    connections: Connections | None = None,
) -> RemoteModel:
    """`model` at `provider`; nothing is imported or connected before its first question.

    Models of one provider may share `connections`, which the caller closes; otherwise it has, and closes, its own.
    """
    return RemoteModel(
        _target(model, provider, base_url, key, referer, title),
        _dialect(provider, base_url),
        model.output_mode,
        connections or Connections(),
        shared=connections is not None,
    )


def open_batcher(
    model: ModelSpec,
    provider: ProviderSpec,
    base_url: str,
    key: SecretStr,
    *,
    connections: Connections | None = None,
) -> RemoteBatcher | None:
    """`model` at `provider` by batches; None when this provider takes none."""
    dialect = _dialect(provider, base_url)
    if not provider.batch or dialect.open_batches is None:
        return None
    return RemoteBatcher(
        _target(model, provider, base_url, key),
        dialect,
        model.output_mode,
        connections or Connections(BODY_MAX_BYTES),
        shared=connections is not None,
    )


def _dialect(provider: ProviderSpec, base_url: str) -> Dialect:
    if provider.wire is Wire.OPENAI:
        return openai_compatible.dialect_at(base_url)
    return DIALECTS[provider.wire]


def _target(
    model: ModelSpec,
    provider: ProviderSpec,
    base_url: str,
    key: SecretStr,
    referer: str = "",
    title: str = "",
) -> Target:
    return Target(model.remote_id, base_url, key, _advice(model, provider), referer, title)


def _advice(model: ModelSpec, provider: ProviderSpec) -> Advice:
    return Advice(
        key=provider.api_key_env or f"whether {provider.name} wants one",
        address=f"{model.name} and {provider.name} in the catalogue",
        window=f"lower context_tokens of {model.name} in the catalogue",
    )
