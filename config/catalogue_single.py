"""The one model that QUORUM_MODEL and its fellows configure, as an entry of the catalogue like any other."""

from __future__ import annotations

import re
from typing import get_args

from pydantic import ValidationError

from config.catalogue import Catalogue, ModelSpec, PriceOverride, ProviderSpec, RateLimits, Strength
from config.catalogue_access import CONFIGURED
from config.catalogue_file import load_catalogue, read_operators, shipped_text
from config.errors import ConfigError, Problem
from config.settings import Settings

QUALITY_PRIOR = 6.0
CONTEXT_MAX_TOKENS = 100_000_000
OUTPUT_MAX_TOKENS = 8_192
OUTPUT_MIN_TOKENS = 256

_NOT_IN_A_NAME = re.compile(r"[^\w.:/@+-]", re.ASCII)
_VARIABLES = {
    "base_url": "QUORUM_MODEL_BASE_URL",
    "api_key_env": "QUORUM_MODEL_API_KEY_ENV",
    "input": "QUORUM_MODEL_INPUT_USD_PER_MILLION",
    "output": "QUORUM_MODEL_OUTPUT_USD_PER_MILLION",
}


def open_catalogue(settings: Settings) -> Catalogue:
    """All models that the operator's settings and file know of. Raises ConfigError."""
    path = settings.catalogue
    operator = None if path is None else read_operators(path)
    return with_single(load_catalogue(shipped_text(), operator, str(path)), settings)


def with_single(catalogue: Catalogue, settings: Settings) -> Catalogue:
    """`catalogue` with the provider "configured" and QUORUM_MODEL, if that is set.

    A model of the same name keeps a place as "provider/name". Raises ConfigError for settings that can't be used.
    """
    if not settings.model:
        return catalogue
    if settings.model_base_url is None:
        message = "must name the endpoint of QUORUM_MODEL."
        raise ConfigError("environment", (Problem(0, "QUORUM_MODEL_BASE_URL", message),))
    try:
        provider, model = _provider(settings), _model(settings, catalogue)
    except ValidationError as error:
        raise ConfigError("environment", tuple(_problems(error))) from None
    return Catalogue(
        providers={**catalogue.providers, CONFIGURED: provider},
        models={**_without(catalogue, model.name), model.name: model},
    )


def _provider(settings: Settings) -> ProviderSpec:
    """No `price_list`: its list, if any, is found by its address."""
    return ProviderSpec(
        name=CONFIGURED,
        base_url=settings.model_base_url,
        api_key_env=settings.model_api_key_env,
        limits=RateLimits(
            requests_per_minute=1_000_000,
            tokens_per_minute=1_000_000_000,
            concurrency=settings.model_concurrency,
        ),
    )


def _model(settings: Settings, catalogue: Catalogue) -> ModelSpec:
    name = _NOT_IN_A_NAME.sub("-", settings.model).lstrip("_.:/@+-")[:200] or CONFIGURED
    known = catalogue.models.get(name)
    context = min(settings.model_context_tokens, CONTEXT_MAX_TOKENS)
    return ModelSpec(
        name=name,
        provider=CONFIGURED,
        id="" if name == settings.model else settings.model,
        family=known.family if known else CONFIGURED,
        quality=QUALITY_PRIOR,
        strengths=get_args(Strength),
        context_tokens=context,
        output_max_tokens=max(OUTPUT_MIN_TOKENS, min(OUTPUT_MAX_TOKENS, context // 4)),
        output_mode=settings.model_output_mode,
        price=_price(settings),
    )


def _price(settings: Settings) -> PriceOverride | None:
    """Half a price is none."""
    given, answered = settings.model_input_usd_per_million, settings.model_output_usd_per_million
    return None if given is None or answered is None else PriceOverride(input=given, output=answered)


def _without(catalogue: Catalogue, name: str) -> dict[str, ModelSpec]:
    models = dict(catalogue.models)
    if displaced := models.pop(name, None):
        moved = {"name": f"{displaced.provider}/{name}"[:200], "id": displaced.remote_id}
        models[moved["name"]] = displaced.model_copy(update=moved)
    return models


def _problems(error: ValidationError) -> list[Problem]:
    """No value is repeated: one may have put the key where its variable's name belongs."""
    return [
        Problem(0, _VARIABLES.get(str(item["loc"][-1]), "QUORUM_MODEL"), item["msg"] + ".")
        for item in error.errors(include_input=False, include_url=False)
    ]
