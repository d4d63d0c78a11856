"""Models: the one endpoint, and those of the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from config.settings_kinds import BaseUrl


class ModelSettings(BaseModel):
    """One model at one endpoint."""

    model: str = Field("", description="Model name at the endpoint; empty: reviews are static only.")
    model_base_url: BaseUrl | None = Field(
        None, description="OpenAI-compatible base URL, ends with /v1 as a rule."
    )
    model_api_key_env: str = Field(
        "QUORUM_MODEL_API_KEY", description="Name of the variable that holds the key."
    )
    model_output_mode: Literal["tool", "native", "prompted"] = Field(
        "prompted", description="How the endpoint is asked for JSON."
    )
    model_context_tokens: int = Field(32_000, ge=2_000, description="Context window of the model.")
    model_input_usd_per_million: float | None = Field(
        None, ge=0, description="Price override; empty: from the price list."
    )
    model_output_usd_per_million: float | None = Field(
        None, ge=0, description="Price override; empty: from the price list."
    )
    model_timeout_s: float = Field(120.0, gt=0, description="Time for one attempt of one call.")
    model_attempts_max: int = Field(3, ge=1, le=10, description="Attempts of one call.")
    model_concurrency: int = Field(4, ge=1, le=100, description="Calls under way at once in one worker.")


class CatalogueSettings(BaseModel):
    """Models of the catalogue."""

    providers: str = Field(
        "",
        description="Providers that may be asked, e.g. `anthropic, ollama`; `auto`: all whose key or address is there; "
        "empty: only QUORUM_MODEL.",
    )
    catalogue: Path | None = Field(
        None, description="YAML file with models and providers beside the shipped ones, or in their place."
    )
    allow_unknown_prices: bool = Field(
        False, description="Whether a model of unknown price may be asked although a budget is set."
    )
    openrouter_referer: str = Field("", description="Sent to OpenRouter as HTTP-Referer; empty: not sent.")
    openrouter_title: str = Field("Quorum", description="Sent to OpenRouter as X-Title; empty: not sent.")
    answer_ttl_s: float = Field(
        604_800.0, ge=0, description="How long validated answers are kept in Valkey; 0: not at all."
    )
    answer_max_bytes: int = Field(256 * 1024, ge=1024, description="A larger answer is not kept.")
    health_interval_s: float = Field(300.0, gt=1, description="Time between two probes of each model in use.")
