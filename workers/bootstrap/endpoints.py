"""Endpoints: the models that may be asked here, each with its client, its price and its bucket."""

from __future__ import annotations

import asyncio
import gc
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr

from config.catalogue import Catalogue, ModelSpec, ProviderSpec, Wire
from config.catalogue_access import chosen
from config.catalogue_names import find_provider
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

C = TypeVar("C", bound=ModelChoice)

OWN_QUALITY_PRIOR = 6.0
OWN_CONTEXT_TOKENS = 32_000
OWN_MAX = 200
"""Endpoints that repositories have named, kept open; later ones are not asked."""
NAME_MAX_CHARS = 200
_NOT_IN_A_NAME = re.compile(r"[^\w.:/@+-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Own:
    """A repository's own models, and its rules, which call them by the names that they have here."""

    endpoints: tuple[Endpoint, ...]
    rules: OrchestrationRules


@dataclass(slots=True)
class Endpoints:
    """Opens each model once; models of one provider share its connections."""

    settings: Settings
    environ: Mapping[str, str] = field(repr=False)
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

    def load(self) -> asyncio.Future[Any]:
        """Begin to import what each wire in use needs, in threads: the first question needn't wait then. Awaited: it is
        there.
        """
        loading = asyncio.gather(*(model.load() for model in self._wires.values()), return_exceptions=True)
        loading.add_done_callback(_leave_out)
        return loading

    def own(self, rules: OrchestrationRules, catalogue: Catalogue) -> Own:
        """The models that a repository names by addresses and keys of its own, which the operator has allowed, or that
        the catalogue lacks.
        """
        choices = (*rules.executors, *((rules.orchestrator,) if rules.orchestrator else ()))
        found = {choice: self._own_endpoint(choice, catalogue) for choice in choices}
        known = {choice: one for choice, one in found.items() if one is not None}
        return Own(tuple(known.values()), _renamed(rules, known))

    def _own_endpoint(self, choice: ModelChoice, catalogue: Catalogue) -> Endpoint | None:
        key = (choice.model, choice.provider or "", choice.base_url or "", choice.api_key_env or "")
        if key in self._own or _is_catalogues(choice, catalogue):
            return self._own.get(key)
        if len(self._own) >= OWN_MAX:
            log.warning("too many models of repositories", most=OWN_MAX)
            return None
        try:
            provider = _provider(choice, catalogue)
            model = _model(choice, provider, catalogue) if provider else None
        except ValueError:  # the operator allows what is no variable or address
            log.warning("a repository's model can't be used", fields=sorted(choice.model_fields_set))
            return None
        if provider is not None and model is not None:
            self._own[key] = self.open(model, provider)
        return self._own.get(key)

    async def close(self) -> None:
        """Close every connection."""
        for model in self._models:
            await model.close()
        for connections in self._connections.values():
            await connections.close()


def _leave_out(loaded: asyncio.Future[Any]) -> None:
    """Leave what was imported, which stays till the end, out of every later garbage collection: one that goes through
    half a million objects stops the loop, and whoever waits for it, for a fifth of a second.
    """
    gc.freeze()


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


def _renamed(rules: OrchestrationRules, known: Mapping[ModelChoice, Endpoint]) -> OrchestrationRules:
    """The catalogue may have a model of the same name: it isn't meant."""

    def named(choice: C) -> C:
        found = known.get(choice)
        return choice if found is None else choice.model_copy(update={"model": found.spec.name})

    executors = tuple(named(one) for one in rules.executors)
    orchestrator = named(rules.orchestrator) if rules.orchestrator else None
    return rules.model_copy(update={"executors": executors, "orchestrator": orchestrator})


def _name(text: str) -> str:
    """As names are written here."""
    return _NOT_IN_A_NAME.sub("-", text).lstrip("_.:/@+-")[:NAME_MAX_CHARS] or "unknown"


def _is_catalogues(choice: ModelChoice, catalogue: Catalogue) -> bool:
    """Whether it is a model of the operator's, asked with the operator's key."""
    if choice.base_url is not None or choice.api_key_env is not None or choice.model not in catalogue.models:
        return False
    named = find_provider(catalogue, choice.provider) if choice.provider is not None else None
    return named is None or named.name == catalogue.models[choice.model].provider


def _provider(choice: ModelChoice, catalogue: Catalogue) -> ProviderSpec | None:
    """Who serves it: a server that the repository names, or a provider of the operator's, with another key perhaps."""
    if choice.base_url is not None:
        # Not all of the address: there may be a password in it.
        address = urlsplit(choice.base_url)
        place = f"own:{address.hostname or 'server'}:{address.port or ''}{address.path.rstrip('/')}"
        return ProviderSpec(
            name=_name(place), base_url=choice.base_url.rstrip("/"), api_key_env=choice.api_key_env
        )
    model = catalogue.models.get(choice.model)
    known = find_provider(catalogue, choice.provider or (model.provider if model else ""))
    if known is None or choice.api_key_env is None:
        return known
    return known.model_copy(update={"api_key_env": choice.api_key_env})


def _model(choice: ModelChoice, provider: ProviderSpec, catalogue: Catalogue) -> ModelSpec:
    # A name of its own: what is wrong with this key or address says nothing of the catalogue's model.
    name = _name(f"{provider.name}/{choice.model}" + (f"@{choice.api_key_env}" if choice.api_key_env else ""))
    known = catalogue.models.get(choice.model)
    if known is not None and known.provider == provider.name:
        return known.model_copy(update={"name": name, "id": known.remote_id})
    return ModelSpec(
        name=name,
        id=choice.model,
        provider=provider.name,
        family=_name(choice.model.split("/")[-1].split("-")[0]),
        quality=OWN_QUALITY_PRIOR,
        context_tokens=OWN_CONTEXT_TOKENS,
    )
