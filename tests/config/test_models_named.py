"""Models that nobody can be asked for are named; what a repository brings along is its own business."""

from __future__ import annotations

from typing import Any

import pytest

from config.catalogue import Catalogue, ModelSpec, ProviderSpec
from config.catalogue_names import find_provider
from config.catalogue_single import open_catalogue
from config.layers import Source, effective
from config.loader import load_layer
from config.models_named import NOTICES_MAX, unknown_models
from config.operator import OperatorRules
from config.repository import OrchestrationRules
from config.settings import Settings

SONNET = ModelSpec(
    name="claude-sonnet", id="sonnet-4", provider="anthropic", family="a", quality=8, context_tokens=9_000
)
HERE = Catalogue(
    providers={name: ProviderSpec(name=name) for name in ("anthropic", "google")},
    models={SONNET.name: SONNET},
)
NONE = Catalogue(providers={}, models={})

ORCHESTRATION = """
orchestration:
  enabled: true
  prefer_free_models: true
  quality_threshold: 0.85
  orchestrator: {model: claude-sonnet-4.5, api_key_env: ANTHROPIC_API_KEY}
  executors:
    - {model: gemini-2.5-pro, provider: google-ai-studio, api_key_env: GOOGLE_API_KEY, use_cases: [moderate, complex]}
  fallback: {models: [deepseek-v3.2]}
  cost_tracking: {enabled: true, monthly_budget_usd: 50, per_run_usd: 0.5, alert_at: [80, 90, 100]}
"""


def said(catalogue: Catalogue = HERE, **rules: Any) -> tuple[str, ...]:
    return unknown_models(OrchestrationRules.model_validate(rules), catalogue)


@pytest.mark.parametrize(
    "choice",
    [
        {"model": "claude-sonnet"},
        {"model": "sonnet-4"},
        {"model": "new", "provider": "google-ai-studio"},
        {"model": "mine", "provider": "mine", "base_url": "http://lab/v1"},
    ],
)
def test_what_can_be_asked_needs_no_words(choice: dict[str, str]) -> None:
    assert said(executors=(choice,), orchestrator=choice) == ()


def test_who_can_not_be_asked_is_named_with_the_nearest() -> None:
    found = said(
        orchestrator={"model": "claude-sonet"},
        executors=({"model": "x", "provider": "azure"},),
        fallback={"models": ("claude-sonnet", "`o`")},
    )
    assert found == (
        "`orchestration.orchestrator.model` names `claude-sonet`, which is not among the models that may be asked here. "
        "Did you mean `claude-sonnet`?",
        "`orchestration.executors[0].provider` names `azure`, which is not among the providers that may be asked here: "
        "`anthropic`, `google`.",
        "`orchestration.fallback.models[1]` names `'o'`, which is not among the models that may be asked here.",
    )


def test_a_file_of_orchestration_as_others_know_it_is_understood() -> None:
    """The keys keep the names that they had before, and its models and providers are known."""
    layer = load_layer(ORCHESTRATION, Source.FILE, "quorum.yml")
    rules = effective([layer], OperatorRules()).config.orchestration
    assert (rules.quality_threshold, rules.executors[0].use_cases) == (0.85, ("moderate", "complex"))
    assert unknown_models(rules, open_catalogue(Settings())) == ()


def test_a_few_are_enough() -> None:
    assert len(said(fallback={"models": tuple("abcdefghijk")})) == NOTICES_MAX


def test_without_models_or_with_all_of_them_off_nothing_is_said() -> None:
    choice = {"model": "x"}
    assert said(NONE, orchestrator=choice) == said(orchestrator=choice, enabled=False) == ()


@pytest.mark.parametrize("word", ["google", "google-ai-studio", "Google AI Studio", "gemini"])
def test_a_provider_is_known_by_its_other_names(word: str) -> None:
    found = find_provider(HERE, word)
    assert found is not None
    assert found.name == "google"
