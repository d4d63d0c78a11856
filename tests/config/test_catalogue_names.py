"""People write a model's name a little differently than the catalogue does."""

from __future__ import annotations

import pytest

from config.catalogue_file import load_catalogue, shipped_text
from config.catalogue_names import did_you_mean, find_model

SHIPPED = load_catalogue(shipped_text(), None, "")


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("claude-sonnet-4.5", "claude-sonnet-4.5"),
        ("claude-sonnet-4-5", "claude-sonnet-4.5"),
        ("Claude Sonnet 4.5", "claude-sonnet-4.5"),
        ("claude-sonnet-5.5", "claude-sonnet-5-5"),
        ("gpt-oss-120b", "gpt-oss-120b"),
        ("x-ai/grok-4.7", "grok-4.7"),
    ],
)
def test_a_name_is_known_however_it_is_punctuated(word: str, name: str) -> None:
    assert find_model(SHIPPED, word) == SHIPPED.models[name]


@pytest.mark.parametrize("word", ["", "gpt", "openai/gpt-oss-120b"])
def test_nothing_and_what_could_be_several_is_none(word: str) -> None:
    assert find_model(SHIPPED, word) is None


def test_the_nearest_is_offered() -> None:
    assert did_you_mean(SHIPPED, "claude-sonet-5-5") == "Did you mean `claude-sonnet-5-5`?"
