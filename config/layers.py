"""Layers of configuration, each over the one before: defaults, organisation, repository, environment, limits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from config.leaves import LEAVES, LeafPath, flatten, nest, value_at
from config.models_allowed import allowed_models
from config.operator import TIER, OperatorRules, Ruled
from config.pending import PENDING
from config.repository import RepositoryConfig, pending_of
from config.yaml_text import flow
from config.yaml_tree import dotted

TIERS = ("budget", "balanced", "premium")
DEFAULT_ORIGIN = "default"
VALUE_MAX_CHARS = 300

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@")


class Source(StrEnum):
    """Who says it, weakest first."""

    DEFAULT = "default"
    ORGANISATION = "organisation"
    REPOSITORY = "repository"
    FILE = "file"
    ENVIRONMENT = "environment"
    OPERATOR = "operator"


STRANGERS = frozenset({Source.ORGANISATION, Source.REPOSITORY})
"""Whose word is not enough to send a key or code somewhere."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one source sets, and nothing else; `values` are nested and valid, `origin` names the source."""

    source: Source
    origin: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Effective:
    """The configuration in force. `origins` has the origin of every leaf by its dotted key."""

    config: RepositoryConfig
    origins: Mapping[str, str]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Set:
    value: Any
    origin: str
    source: Source


def effective(layers: Sequence[Layer], operator: OperatorRules) -> Effective:
    """Lay `layers` over each other, first to last, then the operator's overrides and limits.

    Mappings merge key by key; lists and values replace.
    """
    found = {
        path: _Set(value, layer.origin, layer.source)
        for layer in layers
        for path, value in flatten(layer.values)
    }
    for path, one in operator.overrides.items():
        found[path] = _Set(one.value, f"environment {one.variable}", Source.ENVIRONMENT)
    notices = [*_disallowed(found, operator), *_capped(found, operator), *_not_yet(layers)]
    config = RepositoryConfig.model_validate(nest({path: one.value for path, one in found.items()}))
    origins = {_DOTTED[path]: found[path].origin if path in found else DEFAULT_ORIGIN for path in LEAVES}
    return Effective(config, origins, tuple(notices))


_DEFAULTS = RepositoryConfig()
_DOTTED: Mapping[LeafPath, str] = {path: dotted(path) for path in LEAVES}


def _disallowed(found: dict[LeafPath, _Set], operator: OperatorRules) -> list[str]:
    """Take out of strangers' models what the operator has not allowed, and say so."""
    notices: list[str] = []
    for path in (("orchestration", "orchestrator"), ("orchestration", "executors")):
        one = found.get(path)
        if one is not None and one.source in STRANGERS:
            value, said = allowed_models(_DOTTED[path], one.value, operator)
            found[path] = _Set(value, one.origin, one.source)
            notices += [f"{one.origin}: {text}" for text in said]
    return notices


def _capped(found: dict[LeafPath, _Set], operator: OperatorRules) -> list[str]:
    """Lower what is above the operator's limits; what somebody had asked for gets a notice."""
    notices = []
    for path, limit in operator.limits.items():
        asked = found.get(path)
        value = asked.value if asked else value_at(_DEFAULTS, path)
        if not _above(path, value, limit):
            continue
        found[path] = _Set(limit.value, f"operator's limit {limit.variable}", Source.OPERATOR)
        if asked:
            notices.append(
                f"`{_DOTTED[path]}` is {limit.value}, not {value}: the operator's limit {limit.variable}."
            )
    return notices


def _above(path: LeafPath, value: Any, limit: Ruled) -> bool:
    if value is None:
        return True
    if path == TIER:
        return TIERS.index(value) > TIERS.index(limit.value)
    return bool(value > limit.value)


def _not_yet(layers: Sequence[Layer]) -> list[str]:
    """One notice for each capability that is not there and that a file speaks of."""
    keys: dict[str, dict[str, None]] = {}
    for layer in layers if _PENDING else ():
        for path, value in flatten(layer.values):
            waits_for = _PENDING.get(path)
            # Whoever writes out a default asks for nothing that is not there.
            if waits_for and value != value_at(_DEFAULTS, path):
                keys.setdefault(waits_for, {})[f"`{_DOTTED[path]}`"] = None
    return [_pending_notice(list(names), PENDING[waits_for]) for waits_for, names in keys.items()]


_PENDING = {path: waits_for for path, field in LEAVES.items() if (waits_for := pending_of(field))}


def _pending_notice(names: Sequence[str], capability: str) -> str:
    if len(names) == 1:
        return f"{names[0]} is accepted, but {capability} are not there yet."
    return f"{', '.join(names[:-1])} and {names[-1]} are accepted, but {capability} are not there yet."


def as_rows(found: Effective) -> tuple[tuple[str, str, str], ...]:
    """Key, value on one line as YAML, and origin, of every leaf in the order of the schema."""
    return tuple(
        (key, _one_line(value_at(found.config, path)), found.origins[key]) for path, key in _DOTTED.items()
    )


def changed_rows(before: Effective, after: Effective) -> tuple[tuple[str, str, str], ...]:
    """Key, value before and value after, each on one line as YAML, of every leaf whose value differs."""
    pairs = (
        (key, value_at(before.config, path), value_at(after.config, path)) for path, key in _DOTTED.items()
    )
    return tuple((key, _one_line(old), _one_line(new)) for key, old, new in pairs if old != new)


def _one_line(value: Any) -> str:
    text = _CREDENTIALS.sub("***@", flow(_plain(value)))
    return text if len(text) <= VALUE_MAX_CHARS else text[: VALUE_MAX_CHARS - 1] + "…"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_none=True)
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value
