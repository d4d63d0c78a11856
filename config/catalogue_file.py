"""The shipped catalogue with the operator's file laid over it, or every mistake with its line, column, key and fix."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from config.catalogue import Catalogue, Entry, ModelSpec, ProviderSpec
from config.catalogue_access import RESERVED
from config.errors import ConfigError, Problem
from config.explain import explain, nearest
from config.loader import CONFIG_MAX_BYTES, parsed, refused
from config.yaml_tree import Tree

SHIPPED = Path(__file__).parent / "data" / "catalogue.yaml"
SECTIONS = ("providers", "models")

T = TypeVar("T", bound=Entry)


class ProviderEntry(ProviderSpec):
    """A provider as a file has it; its name is the key that it stands under."""

    enabled: bool = True


class ModelEntry(ModelSpec):
    """A model as a file has it; its name is the key that it stands under."""

    enabled: bool = True


class CatalogueFile(Entry):
    """A whole file."""

    providers: Mapping[str, ProviderEntry] = {}
    models: Mapping[str, ModelEntry] = {}


def shipped_text() -> str:
    """The catalogue that comes with Quorum."""
    return SHIPPED.read_text(encoding="utf-8")


def load_catalogue(shipped: str, operator: str | bytes | None, origin: str) -> Catalogue:
    """`shipped` with the operator's file (if any) laid over it, field by field; `origin` names that file in errors.

    Raises ConfigError with every problem of the operator's file.
    """
    base = parsed(shipped, SHIPPED.name)
    if operator is None:
        return _catalogue({}, _sections(base.value), base, SHIPPED.name)
    tree = parsed(operator, origin)
    return _catalogue(_sections(base.value), {} if tree.value is None else tree.value, tree, origin)


def read_operators(path: Path) -> bytes:
    """The operator's file, or as much of it as shows that it is too large; ConfigError when it can't be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(CONFIG_MAX_BYTES + 1)
    except OSError as error:
        problem = Problem(0, "QUORUM_CATALOGUE", f"cannot read {path}: {error.strerror}.")
        raise ConfigError("environment", (problem,)) from None


def _catalogue(base: Mapping[str, Any], over: Any, tree: Tree, origin: str) -> Catalogue:
    if problems := tuple(_unmeant(base, over, tree)):
        raise refused(origin, problems)
    try:
        # JSON, so that strictness (a text is no number, `true` is no 1) still lets lists be tuples
        file = CatalogueFile.model_validate_json(json.dumps(_laid_over(base, over)), strict=True)
    except ValidationError as error:
        raise refused(origin, explain(error, tree, CatalogueFile)) from None
    if problems := tuple(_unserved(file, tree)):
        raise refused(origin, problems)
    return _enabled(file)


def _sections(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _laid_over(base: Mapping[str, Any], over: Any) -> Any:
    """Both as one document, names filled in; what is no mapping is left for the schema to refuse."""
    if not isinstance(over, Mapping):
        return over
    whole = {**base, **over}
    for section in SECTIONS:
        entries = over.get(section)
        if entries is None or isinstance(entries, Mapping):
            whole[section] = _named(_merged(base.get(section) or {}, entries or {}))
    return whole


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings are merged, deep; any other value takes the place of what stood there."""
    both = dict(base)
    for key, value in over.items():
        below = both.get(key)
        if isinstance(value, Mapping):
            both[key] = _merged(below if isinstance(below, Mapping) else {}, value)
        else:
            both[key] = value
    return both


def _named(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {"name": name, **entry} if isinstance(entry, Mapping) else entry
        for name, entry in entries.items()
    }


def _unmeant(base: Mapping[str, Any], over: Any, tree: Tree) -> Iterator[Problem]:
    """What the schema can't see: names of its own, names given twice, and nothing taken out."""
    for section, name, entry in _entries(over):
        known = base.get(section) or {}
        if section == "providers" and name in RESERVED:
            yield _problem(tree, (section, name), "is a name that Quorum uses itself.", "Take another.")
        if "name" in entry and entry["name"] != name:
            yield _problem(tree, (section, name, "name"), "must be the key above it.", "Leave it out.")
        if entry.get("enabled") is False and name not in known and len(entry) == 1:
            fix = nearest(name, list(known))
            yield _problem(tree, (section, name), "is not there, so it can't be taken out.", fix)


def _entries(over: Any) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for section in SECTIONS:
        for name, entry in _sections(_sections(over).get(section)).items():
            if isinstance(entry, Mapping):
                yield section, name, entry


def _unserved(file: CatalogueFile, tree: Tree) -> Iterator[Problem]:
    """Models whose provider nobody knows."""
    for model in file.models.values():
        if model.provider not in file.providers:
            fix = nearest(model.provider, list(file.providers)) or _listed(file.providers)
            yield _problem(tree, ("models", model.name, "provider"), "names no provider.", fix)


def _listed(names: Iterable[str]) -> str:
    return f"Providers are {', '.join(f'`{name}`' for name in names)}."


def _problem(tree: Tree, path: tuple[str, ...], message: str, fix: str) -> Problem:
    line, column = tree.place(path)
    return Problem(line, ".".join(path), message, fix, column)


def _enabled(file: CatalogueFile) -> Catalogue:
    """What is not taken out; with a provider go its models."""
    providers = {name: _plain(ProviderSpec, one) for name, one in file.providers.items() if one.enabled}
    models = {
        name: _plain(ModelSpec, one)
        for name, one in file.models.items()
        if one.enabled and one.provider in providers
    }
    return Catalogue(providers=providers, models=models)


def _plain(kind: type[T], entry: Entry) -> T:
    return kind(**{name: getattr(entry, name) for name in kind.model_fields})
