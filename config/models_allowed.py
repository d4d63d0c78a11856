"""Whose keys and which servers a repository's models may use: only what the operator has allowed, letter by letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.operator import ALLOWED_BASE_URLS, ALLOWED_KEY_ENVS, OperatorRules


def allowed_models(key: str, value: Any, operator: OperatorRules) -> tuple[Any, tuple[str, ...]]:
    """A model, or a list of them, without what is not allowed; and a sentence for each key taken out, without values."""
    if isinstance(value, Mapping):
        return _model(key, value, operator)
    models: list[Any] = []
    said: list[str] = []
    for index, one in enumerate(value):
        model, notices = _model(f"{key}[{index}]", one, operator)
        models.append(model)
        said += notices
    return tuple(models), tuple(said)


def _model(
    key: str, value: Mapping[str, Any], operator: OperatorRules
) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    lists = {
        "api_key_env": (operator.allowed_key_envs, ALLOWED_KEY_ENVS),
        "base_url": (operator.allowed_base_urls, ALLOWED_BASE_URLS),
    }
    refused = {
        name: variable
        for name, (allowed, variable) in lists.items()
        if value.get(name) is not None and value[name] not in allowed
    }
    said = tuple(
        f"`{key}.{name}` is left out: the operator has not allowed this value in {variable}."
        for name, variable in refused.items()
    )
    return {name: one for name, one in value.items() if name not in refused}, said
