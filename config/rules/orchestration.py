"""Which models take part, and what they may cost."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.rules.section import Percents, Section, Text, Texts, Usd, UseCases, key


class Consensus(Section):
    """How several models come to one opinion."""

    models_max: int = key(
        3,
        "Models of different families asked for a first opinion: so many on what is hard or risky, two on what is "
        "not simple, one on what is.",
        ge=1,
        le=10,
    )
    refute: bool = key(
        True, "Whether a model of another family tries to disprove what only models found, from medium on."
    )


class ModelChoice(Section):
    """One model. `api_key_env` and `base_url` count only when the operator has allowed exactly this value."""

    model: Text = Field(description="The model's name, e.g. `claude-sonnet-4.5`.")
    provider: Text | None = Field(
        None, description="Who serves it, e.g. `anthropic` or `openrouter`; unset: as the catalogue says."
    )
    api_key_env: Text | None = Field(None, description="Name of the operator's variable with the key.")
    base_url: Text | None = Field(None, description="Base URL of an OpenAI-compatible server.")


class Executor(ModelChoice):
    """A model that does the bulk of the work."""

    use_cases: UseCases = Field(
        ("simple", "moderate", "complex"), description="How hard the tasks are that it is given."
    )


class Fallback(Section):
    """What is asked when nothing else answers."""

    models: Texts = key((), "Names of models, first choice first.")


class CostTracking(Section):
    """What may be spent on this repository, in US dollars."""

    enabled: bool = key(
        True, "Whether the limits of this section count and are reported on; the operator's always are."
    )
    monthly_budget_usd: Usd | None = key(
        None, "Most that a calendar month may cost; unset: the operator's limit."
    )
    daily_budget_usd: Usd | None = key(None, "Most that a day (UTC) may cost; unset: the operator's limit.")
    per_call_usd: Usd | None = key(
        None, "Most that one call of a model may cost; unset: the operator's limit."
    )
    per_run_usd: Usd | None = key(None, "Most that one run may cost; unset: the operator's limit.")
    alert_at: Percents = key((80, 90, 100), "Percent of the monthly budget at which an alert is sent.")


class OrchestrationRules(Section):
    """Which models take part, and what they may cost."""

    enabled: bool = key(True, "Whether a model is asked, where the operator has set one up.")
    tier: Literal["budget", "balanced", "premium"] = key("balanced", "How much quality is worth.")
    prefer_free_models: bool = key(False, "Whether free models come first.")
    prefer_local: bool = key(False, "Whether local models come first.")
    quality_threshold: float = key(
        0.85, "Quality of a review below which a stronger model is asked.", ge=0, le=1
    )
    strategy: Literal["quality", "cost", "latency", "balanced", "success"] = key(
        "balanced", "What counts most in the choice of a model."
    )
    mode: Literal["pipeline", "parallel", "backtrack"] = key(
        "parallel",
        "How the experts work together: all at once, one after the other and told what was reported, or again by a "
        "stronger model where an answer was not enough.",
    )
    consensus: Consensus = key(Consensus, "How several models come to one opinion.")
    orchestrator: ModelChoice | None = key(
        None, "The strong model that plans and validates; unset: as the tier says."
    )
    executors: Annotated[tuple[Executor, ...], Field(max_length=20)] = key(
        (), "The models that do the bulk; empty: as the tier says."
    )
    fallback: Fallback = key(Fallback, "What is asked when nothing else answers.")
    cost_tracking: CostTracking = key(CostTracking, "What may be spent on this repository.")
