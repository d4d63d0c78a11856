"""Models that nobody can be asked for are named; what a repository brings along is its own business."""

from __future__ import annotations

from typing import Any

import pytest

from config.catalogue import Catalogue, ModelSpec, ProviderSpec
from config.catalogue_names import find_provider
from config.models_named import NOTICES_MAX, unknown_models
from config.repository import OrchestrationRules

SONNET = ModelSpec(
    name="claude-sonnet", id="sonnet-4", provider="anthropic", family="a", quality=8, context_tokens=9_000
)
HERE = Catalogue(
    providers={name: ProviderSpec(name=name) for name in ("anthropic", "google")},
    models={SONNET.name: SONNET},
)
NONE = Catalogue(providers={}, models={})


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
