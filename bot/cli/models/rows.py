"""The models with what each costs and whether it can be asked, as `list` and `show` tell it. No network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.catalogue import Catalogue, ModelSpec
from config.catalogue_access import Access, effective_providers, obstacles
from config.catalogue_single import open_catalogue
from config.settings import Settings
from workers.llm.pricing import PriceTag, price_tag


@dataclass(frozen=True, slots=True)
class Row:
    """A model, its provider with the address in force, its price (None: unknown), and why it can't be asked.

    `obstacle` is "" when it can.
    """

    model: ModelSpec
    access: Access
    price: PriceTag | None
    obstacle: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The catalogue in force here."""

    catalogue: Catalogue
    providers: Mapping[str, Access]
    obstacles: Mapping[str, str]

    def row(self, model: ModelSpec) -> Row:
        """Everything about one model."""
        access = self.providers[model.provider]
        return Row(model, access, price_tag(model, access.spec), self.obstacles.get(model.provider, ""))

    def rows(self, *, everything: bool) -> Iterator[Row]:
        """In the order of the catalogue; those that can't be asked only if `everything` is wanted."""
        for model in self.catalogue.models.values():
            if everything or model.provider not in self.obstacles:
                yield self.row(model)


def overview(settings: Settings, environ: Mapping[str, str]) -> Overview:
    """What the settings, the operator's file and the environment make of the catalogue. Raises ConfigError."""
    catalogue = open_catalogue(settings)
    return Overview(
        catalogue,
        effective_providers(catalogue, environ),
        obstacles(catalogue, settings.providers, environ),
    )
