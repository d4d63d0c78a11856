"""Endpoints: the models that may be asked here, each with its client, its price and its bucket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr

from config.catalogue import Catalogue, ModelSpec, ProviderSpec, Wire
from config.catalogue_access import chosen
from config.catalogue_single import open_catalogue
from config.repository import ModelChoice, OrchestrationRules
from config.settings import Settings
from workers.llm.pricing import price_tag
from workers.llm.providers.batching import BODY_MAX_BYTES, RemoteBatcher
from workers.llm.providers.connections import Connections
from workers.llm.providers.registry import open_batcher, open_provider
from workers.llm.providers.remote import RemoteModel
from workers.llm.settling import Endpoint

log = structlog.get_logger()

OWN_QUALITY_PRIOR = 6.0
OWN_CONTEXT_TOKENS = 32_000
OWN_MAX = 200
"""Endpoints that repositories have named, kept open; later ones are not asked."""


@dataclass(slots=True)
class Endpoints:
    """Opens each model once; models of one provider share its connections."""

    settings: Settings
    environ: Mapping[str, str]
    _connections: dict[str, Connections] = field(default_factory=dict)
    _models: list[RemoteModel | RemoteBatcher] = field(default_factory=list)
    _wires: dict[Wire, RemoteModel] = field(default_factory=dict)
    _own: dict[tuple[str, ...], Endpoint] = field(default_factory=dict)

    def open(self, model: ModelSpec, provider: ProviderSpec) -> Endpoint:
        """`model` at `provider`, whose address is filled in."""
        key = SecretStr(self.environ.get(provider.api_key_env or "", ""))
        client = open_provider(
            model,
            provider,
            provider.base_url or "",
            key,
            referer=self.settings.openrouter_referer,
            title=self.settings.openrouter_title,
            connections=self._connections.setdefault(f"{provider.name} {provider.base_url}", Connections()),
        )
        batcher = self._open_batcher(model, provider, key)
        self._models += (client, batcher) if batcher else (client,)
        self._wires.setdefault(provider.wire, client)
        bucket = f"{provider.name}:{provider.api_key_env or ''}"
        return Endpoint(model, provider, client, price_tag(model, provider), bucket, batcher)

    def _open_batcher(self, model: ModelSpec, provider: ProviderSpec, key: SecretStr) -> RemoteBatcher | None:
        """Results of a batch come in one piece: their connections allow larger ones."""
        if not provider.batch:
            return None
        connections = self._connections.setdefault(
            f"batches of {provider.name} {provider.base_url}", Connections(BODY_MAX_BYTES)
        )
        return open_batcher(model, provider, provider.base_url or "", key, connections=connections)

    def load(self) -> None:
        """Begin to import what each wire in use needs, in threads: the first question needn't wait then."""
        for model in self._wires.values():
            model.load()

    def own(self, rules: OrchestrationRules, catalogue: Catalogue) -> tuple[Endpoint, ...]:
        """The models that a repository names and the catalogue lacks, by addresses and keys that the operator allows."""
        choices = (*rules.executors, *((rules.orchestrator,) if rules.orchestrator else ()))
        return tuple(self._own_endpoints(choices, catalogue))

    def _own_endpoints(self, choices: tuple[ModelChoice, ...], catalogue: Catalogue) -> Iterator[Endpoint]:
        for choice in choices:
            provider = _provider(choice, catalogue)
            if provider is None or (choice.base_url is None and choice.model in catalogue.models):
                continue
            key = (choice.model, provider.name, provider.base_url or "", provider.api_key_env or "")
            if key not in self._own:
                if len(self._own) >= OWN_MAX:
                    log.warning("too many models of repositories", most=OWN_MAX)
                    return
                self._own[key] = self.open(_model(choice, provider), provider)
            yield self._own[key]

    async def close(self) -> None:
        """Close every connection."""
        for model in self._models:
            await model.close()
        for connections in self._connections.values():
            await connections.close()


@asynccontextmanager
async def open_endpoints(
    settings: Settings, environ: Mapping[str, str]
) -> AsyncIterator[tuple[Endpoints, Catalogue, Mapping[str, Endpoint]]]:
    """The models that may be asked, by name. Raises ConfigError for a catalogue or settings that can't be used."""
    catalogue = chosen(open_catalogue(settings), settings.providers, environ)
    endpoints = Endpoints(settings, environ)
    try:
        # The price list takes half a second to load: not on the loop that keeps leases alive.
        found = await asyncio.to_thread(
            lambda: {
                name: endpoints.open(model, catalogue.provider_of(model))
                for name, model in catalogue.models.items()
            }
        )
        yield endpoints, catalogue, found
    finally:
        await endpoints.close()


def _provider(choice: ModelChoice, catalogue: Catalogue) -> ProviderSpec | None:
    """Who serves it: a server that the repository names, or a provider of the operator's, with another key perhaps."""
    if choice.base_url is not None:
        host = urlsplit(choice.base_url).hostname or "server"
        return ProviderSpec(
            name=f"own:{host}", base_url=choice.base_url.rstrip("/"), api_key_env=choice.api_key_env
        )
    known = catalogue.providers.get(choice.provider or "")
    if known is None or choice.api_key_env is None:
        return known
    return known.model_copy(update={"api_key_env": choice.api_key_env})


def _model(choice: ModelChoice, provider: ProviderSpec) -> ModelSpec:
    # A name of its own: what is wrong with this key or address says nothing of the catalogue's model.
    return ModelSpec(
        name=f"{provider.name}/{choice.model}" + (f"@{choice.api_key_env}" if choice.api_key_env else ""),
        id=choice.model,
        provider=provider.name,
        family=choice.model.split("/")[-1].split("-")[0] or "unknown",
        quality=OWN_QUALITY_PRIOR,
        context_tokens=OWN_CONTEXT_TOKENS,
    )
