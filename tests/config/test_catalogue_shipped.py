"""The catalogue that is shipped: whole, and made of what its readers may rely on."""

from __future__ import annotations

from typing import get_args

import pytest

from config.catalogue import ModelSpec, Speed, Strength
from config.catalogue_file import load_catalogue, shipped_text

SHIPPED = load_catalogue(shipped_text(), None, "")
ANTHROPIC_UNSTREAMED_MAX_TOKENS = 21_000

each_model = pytest.mark.parametrize("model", SHIPPED.models.values(), ids=list(SHIPPED.models))


def test_it_says_that_quality_is_a_prior() -> None:
    assert "`quality` (0 to 10) is a prior: an opinion" in shipped_text()


@pytest.mark.parametrize(
    "name",
    [
        "claude-sonnet-4.5",
        "claude-3.5-sonnet",
        "gemini-2.5-pro",
        "gpt-4o",
        "gpt-4o-mini",
        "deepseek-v3.2",
        "qwen-plus",
        "qwen-turbo",
        "mistral:7b",
        "llama3.2",
    ],
)
def test_well_known_names_are_there(name: str) -> None:
    assert name in SHIPPED.models


@each_model
def test_an_answer_fits_the_window_with_room_for_a_question(model: ModelSpec) -> None:
    assert model.output_max_tokens <= model.context_tokens // 2


@each_model
def test_free_is_what_runs_on_ones_own_machines(model: ModelSpec) -> None:
    assert model.free == SHIPPED.provider_of(model).local


def test_anthropics_answers_need_no_stream() -> None:
    longest = max(one.output_max_tokens for one in SHIPPED.models.values() if one.provider == "anthropic")
    assert longest < ANTHROPIC_UNSTREAMED_MAX_TOKENS


def test_every_strength_and_every_speed_is_somebodys() -> None:
    models = SHIPPED.models.values()
    strengths = {strength for model in models for strength in model.strengths}
    assert (strengths, {model.speed for model in models}) == (
        set(get_args(Strength)),
        set(get_args(Speed)),
    )


def test_every_provider_serves_something() -> None:
    assert {model.provider for model in SHIPPED.models.values()} == set(SHIPPED.providers)
