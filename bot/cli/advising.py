"""The adviser that the settings and the environment make: catalogue, prices, router. No network, no key is read."""

from __future__ import annotations

from collections.abc import Mapping

from config.catalogue_access import effective_providers, obstacles
from config.catalogue_single import open_catalogue
from config.layers import effective
from config.operator import OperatorRules
from config.settings import Settings
from workers.domain.budget import MICROS_PER_USD
from workers.llm.policy import policy_of
from workers.llm.routed_advice import RoutedAdviser, priced


def open_adviser(settings: Settings, environ: Mapping[str, str]) -> RoutedAdviser:
    """Advice for a repository that says nothing of its own. Raises ConfigError for what can't be used."""
    catalogue = open_catalogue(settings)
    providers = {name: one.spec for name, one in effective_providers(catalogue, environ).items()}
    models = priced(catalogue, providers, obstacles(catalogue, settings.providers, environ))
    rules = effective((), OperatorRules.from_environ(environ)).config.orchestration
    left = _fresh_micros(settings)
    policy = policy_of(rules, allow_unknown_prices=settings.allow_unknown_prices, budgeted=left is not None)
    return RoutedAdviser(models, policy, left)


def _fresh_micros(settings: Settings) -> int | None:
    """What the tightest of the operator's budgets leaves to one call while nothing is spent."""
    values = (getattr(settings, name) for name in Settings.model_fields if name.startswith("budget_"))
    set_ones = [value for value in values if value is not None]
    return int(min(set_ones) * MICROS_PER_USD) if set_ones else None
