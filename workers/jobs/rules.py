"""The configuration in force for a pull request: read at its base, layer over layer, each value with its origin."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog

from config.catalogue import Catalogue
from config.errors import ConfigError
from config.layers import Effective, Layer, Source, effective
from config.loader import load_layer
from config.models_named import unknown_models
from config.operator import OperatorRules
from config.repository import RepositoryConfig
from workers.domain.errors import UserError
from workers.domain.memory import KeptConfig
from workers.github.client import Clients, InstallationClient
from workers.github.contents import read_file, require_commit
from workers.github.papers import read_ahead
from workers.github.permissions import READ
from workers.github.values import Blob
from workers.storage.configurations import ConfigurationStore

log = structlog.get_logger()

CONFIG_PATHS = (".github/quorum.yml", ".quorum.yml")
PAPERS = (*CONFIG_PATHS, ".gitattributes", *RepositoryConfig().review.guidelines)
"""What most jobs read of a base commit: learned in one request."""
ORGANISATION_REPOSITORY = ".github"
ORGANISATION_PATH = "quorum.yml"
PROBLEMS_MAX = 5
CACHE_ENTRIES_MAX = 1_000
NO_MODELS = Catalogue(providers={}, models={})


@dataclass(frozen=True, slots=True)
class Rules:
    """The configuration in force, where it came from, and what is wrong with a file that is not.

    `path` names the repository's file that stands at the base, valid or not; "" when there is none.
    """

    config: RepositoryConfig
    origin: str
    notices: tuple[str, ...]
    effective: Effective
    layers: tuple[Layer, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One file of a layer: what to call it, and whose last valid text stands in for it."""

    layer: str
    source: Source
    origin: str


@dataclass(slots=True)
class LayerCache:
    """Layers by the blob they were read from: a repository's file is parsed, and kept as its last valid one, once in
    a process. A blob that several repositories share is each one's own: each has to keep it.
    """

    _layers: OrderedDict[tuple[int, Source, str], Layer] = field(default_factory=OrderedDict)

    def get(self, place: Place, repo_id: int, blob_sha: str) -> Layer | None:
        """The layer of this blob, as if it had been read at `place`."""
        known = self._layers.get((repo_id, place.source, blob_sha))
        return None if known is None else replace(known, origin=place.origin)

    def put(self, place: Place, repo_id: int, blob_sha: str, layer: Layer) -> None:
        """Remember it; the oldest goes when there are too many."""
        self._layers[repo_id, place.source, blob_sha] = layer
        if len(self._layers) > CACHE_ENTRIES_MAX:
            self._layers.popitem(last=False)


class Based(Protocol):
    """A pull request, or a branch: whatever is judged by what stands at a base commit."""

    @property
    def repo_id(self) -> int:
        """The repository's numeric id."""
        ...

    @property
    def full_name(self) -> str:
        """What the repository is called now."""
        ...

    @property
    def base_sha(self) -> str:
        """The commit whose rules count."""
        ...


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Reads rules: defaults < organisation < repository at the base commit < the operator."""

    clients: Clients
    kept: ConfigurationStore
    operator: OperatorRules
    catalogue: Catalogue = NO_MODELS
    cache: LayerCache = field(default_factory=LayerCache)

    async def read(self, client: InstallationClient, installation_id: int, pull: Based) -> Rules:
        """The rules that `pull` is judged by; a change of them in the pull request itself has no say.

        A file that can't be used is said in a notice, line by line; its last valid text, or nothing, stands in.
        """
        organisation, first = await self._organisation(installation_id, pull)
        path, repository, second = await self._repository(client, pull)
        layers = tuple(layer for layer in (organisation, repository) if layer is not None)
        result = effective(layers, self.operator)
        origin = " over ".join(layer.origin for layer in reversed(layers)) or "defaults"
        notices = (*result.notices, *unknown_models(result.config.orchestration, self.catalogue))
        return Rules(result.config, origin, (*first, *second, *notices), result, layers, path)

    async def _organisation(self, installation_id: int, pull: Based) -> tuple[Layer | None, tuple[str, ...]]:
        owner = pull.full_name.partition("/")[0]
        name = f"{owner}/{ORGANISATION_REPOSITORY}"
        place = Place("organisation", Source.ORGANISATION, f"{name}/{ORGANISATION_PATH}")
        # One token for all repositories of the installation: the id of this one is not known, and may not exist.
        client = self.clients.client(installation_id, None, READ)
        try:
            blob = await read_file(client, name, ORGANISATION_PATH, None)
        except UserError as error:
            return await self._instead_of(place, pull.repo_id, f"can't be read: {error}")
        return (None, ()) if blob is None else await self._layer(place, pull.repo_id, blob)

    async def _repository(
        self, client: InstallationClient, pull: Based
    ) -> tuple[str, Layer | None, tuple[str, ...]]:
        listed = await read_ahead(client, pull.full_name, pull.base_sha, PAPERS)
        for path in CONFIG_PATHS:
            place = Place("repository", Source.REPOSITORY, f"{path}@{pull.base_sha[:7]}")
            try:
                blob = await read_file(client, pull.full_name, path, pull.base_sha)
            except UserError as error:
                layer, notices = await self._instead_of(place, pull.repo_id, f"can't be read: {error}")
                return path, layer, notices
            if blob is not None:
                return path, *await self._layer(place, pull.repo_id, blob)
        if not listed:  # a 404 alone turns no rule off
            await require_commit(client, pull.full_name, pull.base_sha)
        return "", None, ()

    async def _layer(self, place: Place, repo_id: int, blob: Blob) -> tuple[Layer | None, tuple[str, ...]]:
        if known := self.cache.get(place, repo_id, blob.sha):
            return known, ()
        try:
            layer = load_layer(blob.text, place.source, place.origin)
        except ConfigError as error:
            return await self._instead_of(place, repo_id, said(error))
        await self.kept.keep(repo_id, place.layer, KeptConfig(place.origin, blob.sha, blob.text))
        self.cache.put(place, repo_id, blob.sha, layer)
        return layer, ()

    async def _instead_of(
        self, place: Place, repo_id: int, problem: str
    ) -> tuple[Layer | None, tuple[str, ...]]:
        """The last valid file in place of one with a problem, so that nothing broken turns a rule off."""
        layer, origin = await self._last_valid(place, repo_id)
        instead = (
            f"The last valid one, `{origin}`, stays"
            if origin
            else "There was no valid one before it: the rules below it stay"
        )
        return layer, (f"`{place.origin}` {problem} {instead} in force.",)

    async def _last_valid(self, place: Place, repo_id: int) -> tuple[Layer | None, str]:
        kept = await self.kept.last(repo_id, place.layer)
        if kept is None:
            return None, ""
        try:
            return load_layer(kept.text, place.source, kept.origin), kept.origin
        except ConfigError as error:  # valid for an older version of Quorum
            log.info("a kept configuration is no longer valid", origin=kept.origin, error=str(error))
            return None, ""


def said(error: ConfigError) -> str:
    """What is wrong with a configuration file: the end of a sentence that begins with its name."""
    shown = [str(problem).removesuffix(".") for problem in error.problems[:PROBLEMS_MAX]]
    more = len(error.problems) - PROBLEMS_MAX
    text = "; ".join([*shown, *([f"and {more} more"] if more > 0 else [])])
    return f"can't be used: {text if text.endswith('?') else text + '.'}"
