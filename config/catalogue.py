"""The models that may be asked: who serves them, how good they are said to be, and what they need."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

OutputMode = Literal["tool", "native", "prompted"]
Speed = Literal["very_fast", "fast", "medium", "slow"]
Strength = Literal[
    "security",
    "logic",
    "performance",
    "architecture",
    "documentation",
    "test_design",
    "summarising",
    "instruction_following",
]

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9][\w.:/@+-]*$")]
Variable = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,99}$")]
UsdPerMillion = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]


class Wire(StrEnum):
    """The protocol that a provider speaks."""

    OPENAI = "openai"
    """Chat completions, as OpenAI and every compatible server has them."""
    ANTHROPIC = "anthropic"
    """Messages."""
    GOOGLE = "google"
    """generateContent of Google AI Studio."""
    OPENROUTER = "openrouter"
    """Chat completions with OpenRouter's headers and fields."""


class Entry(BaseModel):
    """What all entries of the catalogue have in common: frozen, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PriceOverride(Entry):
    """US dollars per million tokens; what is not stated of cached input costs as input does."""

    input: UsdPerMillion
    output: UsdPerMillion
    cached_input: UsdPerMillion | None = None
    cache_write: UsdPerMillion | None = None


class RateLimits(Entry):
    """What a key may do at this provider, over all workers."""

    requests_per_minute: int = Field(60, ge=1, le=1_000_000)
    tokens_per_minute: int = Field(1_000_000, ge=1_000, le=1_000_000_000)
    concurrency: int = Field(8, ge=1, le=1_000)


class ProviderSpec(Entry):
    """Who serves models. It can be asked when its address is known and its key, if it needs one, is there."""

    name: Name
    wire: Wire = Wire.OPENAI
    base_url: str | None = Field(None, pattern=r"^https?://")
    base_url_env: Variable | None = None
    """The operator's variable with the address; it goes before `base_url`."""
    api_key_env: Variable | None = None
    """None: no key is needed."""
    local: bool = False
    batch: bool = False
    """Whether it takes batches, at half the price and within a day."""
    price_list: str | None = None
    """The provider's id in genai-prices; None: no list price is known."""
    limits: RateLimits = RateLimits()


class ModelSpec(Entry):
    """A model at a provider. `quality` is an opinion, the *prior*, until outcomes have been measured."""

    name: Name
    provider: Name
    id: str = ""
    """Its name at the provider; "" when it is `name`."""
    family: Name
    """Who made it: models of one family err alike."""
    quality: float = Field(ge=0, le=10)
    strengths: tuple[Strength, ...] = ()
    speed: Speed = "medium"
    context_tokens: int = Field(ge=1_000, le=100_000_000)
    output_max_tokens: int = Field(8_192, ge=256, le=10_000_000)
    output_mode: OutputMode = "prompted"
    price: PriceOverride | None = None
    """None: the list's price, or an unknown one; a free model says 0."""
    free: bool = False

    @property
    def remote_id(self) -> str:
        """What the provider calls it."""
        return self.id or self.name


class Catalogue(Entry):
    """Every model and provider, by name."""

    providers: Mapping[str, ProviderSpec]
    models: Mapping[str, ModelSpec]

    def provider_of(self, model: ModelSpec) -> ProviderSpec:
        """Who serves `model`."""
        return self.providers[model.provider]
