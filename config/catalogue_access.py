"""Which providers can be asked here: their address is known, and their key is there. Keys' values are never kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.catalogue import Catalogue, ProviderSpec
from config.errors import ConfigError, Problem
from config.explain import nearest

CONFIGURED = "configured"
"""The provider that QUORUM_MODEL_BASE_URL stands for."""
AUTO = "auto"
RESERVED = frozenset({CONFIGURED, AUTO})


@dataclass(frozen=True, slots=True)
class Access:
    """A provider, its address filled in. `obstacle` says why it can't be asked; "" when it can."""

    spec: ProviderSpec
    obstacle: str = ""

    @property
    def usable(self) -> bool:
        """Whether it can be asked."""
        return not self.obstacle


def effective_providers(catalogue: Catalogue, environ: Mapping[str, str]) -> dict[str, Access]:
    """Every provider by name, with the address in force and what is missing, if anything."""
    return {name: _access(spec, environ) for name, spec in catalogue.providers.items()}


def keys_present(catalogue: Catalogue, environ: Mapping[str, str]) -> frozenset[str]:
    """Names of the variables that hold a provider's key."""
    variables = (spec.api_key_env for spec in catalogue.providers.values())
    return frozenset(variable for variable in variables if variable and environ.get(variable, "").strip())


def chosen(catalogue: Catalogue, providers: str, environ: Mapping[str, str]) -> Catalogue:
    """What may be asked: of the providers that QUORUM_PROVIDERS names, those that can be, with their models.

    "": only what QUORUM_MODEL configures; "auto": every one. Addresses are filled in. Raises ConfigError for a name that
    is no provider.
    """
    wanted = _wanted(catalogue, providers)
    found = effective_providers(catalogue, environ)
    usable = {name: one.spec for name, one in found.items() if name in wanted and one.usable}
    models = {name: model for name, model in catalogue.models.items() if model.provider in usable}
    return Catalogue(providers=usable, models=models)


def obstacles(catalogue: Catalogue, providers: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Providers that can't be asked, and why, as it is told to the operator. Raises ConfigError as `chosen` does."""
    wanted = _wanted(catalogue, providers)
    found = effective_providers(catalogue, environ)
    unwanted = {name: "not in QUORUM_PROVIDERS" for name in found if name not in wanted}
    return unwanted | {name: one.obstacle for name, one in found.items() if name in wanted and not one.usable}


def _wanted(catalogue: Catalogue, providers: str) -> frozenset[str]:
    names = [name.strip() for name in providers.split(",") if name.strip()]
    if not names:
        return frozenset({CONFIGURED})
    if names == [AUTO]:
        return frozenset(catalogue.providers)
    problems = tuple(
        _unknown(catalogue, name)
        for name in dict.fromkeys(names)
        if name not in catalogue.providers and name != CONFIGURED
    )
    if problems:
        raise ConfigError("environment", problems)
    return frozenset(names)


def _unknown(catalogue: Catalogue, name: str) -> Problem:
    known = [*catalogue.providers, AUTO]
    fix = nearest(name, known) or f"Providers are {', '.join(f'`{one}`' for one in known)}."
    return Problem(0, "QUORUM_PROVIDERS", f"`{name[:64]}` is no provider.", fix)


def _access(spec: ProviderSpec, environ: Mapping[str, str]) -> Access:
    given = environ.get(spec.base_url_env, "").strip() if spec.base_url_env else ""
    address = given.rstrip("/") or spec.base_url
    if address is None:
        return Access(spec, f"{spec.base_url_env} is not set" if spec.base_url_env else "it has no base_url")
    if not address.startswith(("https://", "http://")):
        return Access(spec, f"{spec.base_url_env} must start with https:// or http://")
    reached = spec.model_copy(update={"base_url": address})
    return Access(reached, _key_missing(spec, environ))


def _key_missing(spec: ProviderSpec, environ: Mapping[str, str]) -> str:
    """A server of one's own may ask for no key, though it can."""
    if spec.api_key_env is None or spec.local or spec.name == CONFIGURED:
        return ""
    return "" if environ.get(spec.api_key_env, "").strip() else f"{spec.api_key_env} is not set"
