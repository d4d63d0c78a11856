"""What is told about values that are valid and yet don't do what they say."""

from __future__ import annotations

from collections.abc import Mapping

from config.catalogue_single import open_catalogue
from config.layers import Effective
from config.models_named import unknown_models
from config.settings import Settings


def notices(found: Effective, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Sentences about `found`, with the models that are known here. Raises ConfigError for unusable settings."""
    catalogue = open_catalogue(Settings.from_environ(environ))
    return (*found.notices, *unknown_models(found.config.orchestration, catalogue))
