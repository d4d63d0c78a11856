"""Advice on a catalogue in force."""

from __future__ import annotations

import pytest

from config.catalogue import Catalogue, ModelSpec, PriceOverride, ProviderSpec
from workers.llm.routed_advice import RoutedAdviser, priced
from workers.llm.routing.values import Policy
from workers.llm.workflows import TASKS, Stage

REVIEW = TASKS["review"]
PROVIDERS = {
    "home": ProviderSpec(name="home", local=True, base_url="http://127.0.0.1:1"),
    "cloud": ProviderSpec(name="cloud", base_url="https://cloud.test", api_key_env="CLOUD_KEY"),
}


def model(name: str, provider: str, quality: float, price: float | None, *, free: bool = False) -> ModelSpec:
    return ModelSpec(
        name=name,
        provider=provider,
        family=name,
        quality=quality,
        strengths=("logic",),
        context_tokens=100_000,
        price=None if price is None else PriceOverride(input=price, output=5 * price),
        free=free,
    )


MODELS = (
    model("free", "home", 6.5, None, free=True),
    model("dear", "cloud", 9.5, 10.0),
    model("mystery", "cloud", 9.9, None),
)
CATALOGUE = Catalogue(providers=PROVIDERS, models={one.name: one for one in MODELS})


def adviser(*, obstacle: str = "", left_micros: int | None = 1_000_000) -> RoutedAdviser:
    blocked = {"cloud": obstacle} if obstacle else {}
    return RoutedAdviser(priced(CATALOGUE, PROVIDERS, blocked), Policy(), left_micros)


def test_each_tier_gets_the_routers_choice() -> None:
    found = adviser()
    assert found.recommend("budget", REVIEW).model == "free"
    assert found.recommend("premium", REVIEW).model == "dear"


def test_others_are_named_with_why_not() -> None:
    others = {one.model: one.why_not for one in adviser().recommend("premium", REVIEW).alternatives}
    assert others["mystery"] == "of unknown price"


def test_without_a_usable_model_the_reason_says_so() -> None:
    blocked = {"cloud": "CLOUD_KEY is not set", "home": "HOME_URL is not set"}
    nobody = RoutedAdviser(priced(CATALOGUE, PROVIDERS, blocked), Policy(), None)
    found = nobody.recommend("balanced", REVIEW)
    assert (found.model, bool(found.reason)) == (None, True)


def test_prices_are_those_of_the_tag_and_unknown_ones_none() -> None:
    found = adviser()
    assert found.price("dear", 1000, 100) == 10 * 1000 + 50 * 100
    assert found.price("free", 1000, 100) == 0
    assert found.price("mystery", 1000, 100) is None
    assert found.price("nobody", 1000, 100) is None


def test_models_are_shown_with_prices_and_what_is_missing() -> None:
    shown = {one.spec.name: one for one in adviser(obstacle="CLOUD_KEY is not set").models()}
    assert list(shown) == ["dear", "free", "mystery"]
    assert (shown["dear"].input_usd_per_million, shown["dear"].why_not) == (10.0, "CLOUD_KEY is not set")
    assert (shown["free"].output_usd_per_million, shown["free"].why_not) == (0.0, "")
    assert shown["mystery"].input_usd_per_million is None


@pytest.mark.parametrize("stage", TASKS.values(), ids=lambda stage: stage.kind)
def test_there_is_advice_for_every_task(stage: Stage) -> None:
    assert adviser().recommend("premium", stage).model is not None
