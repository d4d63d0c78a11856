"""The configuration in force for a pull request: read at its base, layer over layer, each value with its origin."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog

from config.differences import differences
from config.errors import ConfigError
from config.layers import Effective, Layer, Source, effective
from config.loader import load_layer
from config.operator import OperatorRules
from config.repository import RepositoryConfig
from workers.domain.change import Change
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


@dataclass(frozen=True, slots=True)
class Rules:
    """The configuration in force, where it came from, and what is wrong with a file that is not."""

    config: RepositoryConfig
    origin: str
    notices: tuple[str, ...]
    effective: Effective
    layers: tuple[Layer, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One file of a layer: what to call it, and whose last valid text stands in for it."""

    layer: str
    source: Source
    origin: str


@dataclass(slots=True)
class LayerCache:
    """Layers by the blob they were read from: the same file is parsed once in a process."""

    _layers: OrderedDict[tuple[Source, str], Layer] = field(default_factory=OrderedDict)

    def get(self, place: Place, blob_sha: str) -> Layer | None:
        """The layer of this blob, as if it had been read at `place`."""
        known = self._layers.get((place.source, blob_sha))
        return None if known is None else replace(known, origin=place.origin)

    def put(self, place: Place, blob_sha: str, layer: Layer) -> None:
        """Remember it; the oldest goes when there are too many."""
        self._layers[place.source, blob_sha] = layer
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
    cache: LayerCache = field(default_factory=LayerCache)

    async def read(self, client: InstallationClient, installation_id: int, pull: Based) -> Rules:
        """The rules that `pull` is judged by; a change of them in the pull request itself has no say.

        A file that can't be used is said in a notice, line by line; its last valid text, or nothing, stands in.
        """
        organisation, first = await self._organisation(installation_id, pull)
        repository, second = await self._repository(client, pull)
        layers = tuple(layer for layer in (organisation, repository) if layer is not None)
        result = effective(layers, self.operator)
        origin = " over ".join(layer.origin for layer in reversed(layers)) or "defaults"
        return Rules(result.config, origin, (*first, *second, *result.notices), result, layers)

    async def _organisation(self, installation_id: int, pull: Based) -> tuple[Layer | None, tuple[str, ...]]:
        owner = pull.full_name.partition("/")[0]
        name = f"{owner}/{ORGANISATION_REPOSITORY}"
        place = Place("organisation", Source.ORGANISATION, f"{name}/{ORGANISATION_PATH}")
        # One token for all repositories of the installation: the id of this one is not known, and may not exist.
        client = self.clients.client(installation_id, None, READ)
        try:
            blob = await read_file(client, name, ORGANISATION_PATH, None)
        except UserError as error:
            return None, (f"`{place.origin}` can't be read: {error} It has no say.",)
        return (None, ()) if blob is None else await self._layer(place, pull.repo_id, blob)

    async def _repository(
        self, client: InstallationClient, pull: Based
    ) -> tuple[Layer | None, tuple[str, ...]]:
        listed = await read_ahead(client, pull.full_name, pull.base_sha, PAPERS)
        for path in CONFIG_PATHS:
            place = Place("repository", Source.REPOSITORY, f"{path}@{pull.base_sha[:7]}")
            try:
                blob = await read_file(client, pull.full_name, path, pull.base_sha)
            except UserError as error:
                layer, origin = await self._last_valid(place, pull.repo_id)
                return layer, (f"`{place.origin}` can't be read: {error} {_instead(origin)}",)
            if blob is not None:
                return await self._layer(place, pull.repo_id, blob)
        if not listed:  # a 404 alone turns no rule off
            await require_commit(client, pull.full_name, pull.base_sha)
        return None, ()

    async def _layer(self, place: Place, repo_id: int, blob: Blob) -> tuple[Layer | None, tuple[str, ...]]:
        if known := self.cache.get(place, blob.sha):
            return known, ()
        try:
            layer = load_layer(blob.text, place.source, place.origin)
        except ConfigError as error:
            layer_instead, origin = await self._last_valid(place, repo_id)
            return layer_instead, (said(place.origin, error, _instead(origin)),)
        self.cache.put(place, blob.sha, layer)
        await self.kept.keep(repo_id, place.layer, KeptConfig(place.origin, blob.sha, blob.text))
        return layer, ()

    async def _last_valid(self, place: Place, repo_id: int) -> tuple[Layer | None, str]:
        kept = await self.kept.last(repo_id, place.layer)
        if kept is None:
            return None, ""
        try:
            return load_layer(kept.text, place.source, kept.origin), kept.origin
        except ConfigError as error:  # valid for an older version of Quorum
            log.info("a kept configuration is no longer valid", origin=kept.origin, error=str(error))
            return None, ""


def proposed(rules: Rules, change: Change, operator: OperatorRules) -> tuple[str, ...]:
    """What merging `change` does to the rules: mistakes in its configuration file, or the values that differ."""
    found: list[str] = []
    for path in CONFIG_PATHS:
        file = change.file(path)
        if file is None or file.text is None:
            continue
        try:
            layer = load_layer(file.text, Source.REPOSITORY, path)
        except ConfigError as error:
            found.append(
                said(path, error, "Merged like this, the last valid configuration would stay in force.")
            )
            continue
        found.extend(_explained(path, rules, layer, operator))
        break  # the first file is the one that counts
    return tuple(found)


def said(origin: str, error: ConfigError, consequence: str) -> str:
    """What is wrong with a configuration file, as one sentence or two."""
    shown = "; ".join(str(problem) for problem in error.problems[:PROBLEMS_MAX])
    more = len(error.problems) - PROBLEMS_MAX
    rest = f"; and {more} more" if more > 0 else ""
    return f"`{origin}` can't be used: {shown}{rest}. {consequence}".replace("..", ".")


def _explained(path: str, rules: Rules, layer: Layer, operator: OperatorRules) -> Sequence[str]:
    others = [one for one in rules.layers if one.source is not Source.REPOSITORY]
    changed = differences(rules.effective, effective([*others, layer], operator))
    if not changed:
        return [f"`{path}` is valid; merging it changes no value that is in force."]
    return [
        f"`{path}` is valid; once merged it changes: {'; '.join(changed)}. This review went by the base's rules."
    ]


def _instead(origin: str) -> str:
    return f"The last valid one, `{origin}`, stays in force." if origin else "The defaults stay in force."
