"""A provider can be asked when its address is known and its key is there."""

from __future__ import annotations

import pytest

from config.catalogue import Catalogue
from config.catalogue_access import chosen, effective_providers, keys_present, obstacles
from config.catalogue_file import load_catalogue, shipped_text
from config.catalogue_single import with_single
from config.errors import ConfigError
from config.settings import Settings

SHIPPED = load_catalogue(shipped_text(), None, "")
SINGLE = with_single(SHIPPED, Settings(model="m", model_base_url="http://127.0.0.1:9/v1"))
OPENAI = {"OPENAI_API_KEY": "k"}


def names(catalogue: Catalogue) -> list[str]:
    return sorted(catalogue.providers)


@pytest.mark.parametrize(
    ("provider", "environ", "obstacle"),
    [
        ("openai", OPENAI, ""),
        ("openai", {}, "OPENAI_API_KEY is not set"),
        ("openai", {"OPENAI_API_KEY": " "}, "OPENAI_API_KEY is not set"),
        ("ollama", {"OLLAMA_BASE_URL": "http://127.0.0.1:11434/v1"}, ""),
        ("ollama", {}, "OLLAMA_BASE_URL is not set"),
        ("ollama", {"OLLAMA_BASE_URL": "localhost"}, "OLLAMA_BASE_URL must start with https:// or http://"),
        ("vllm", {"VLLM_BASE_URL": "http://127.0.0.1:8000/v1"}, ""),
    ],
)
def test_what_is_missing_is_said(provider: str, environ: dict[str, str], obstacle: str) -> None:
    found = effective_providers(SHIPPED, environ)[provider]
    assert (found.obstacle, found.usable) == (obstacle, not obstacle)


def test_the_operators_address_is_filled_in() -> None:
    found = effective_providers(SHIPPED, {"OLLAMA_BASE_URL": "http://gpu:11434/v1/"})
    assert found["ollama"].spec.base_url == "http://gpu:11434/v1"


def test_keys_are_known_by_their_variables() -> None:
    assert keys_present(SHIPPED, {**OPENAI, "MISTRAL_API_KEY": "", "OTHER": "x"}) == {"OPENAI_API_KEY"}


def test_unset_means_the_configured_model_only() -> None:
    found = chosen(SINGLE, "", OPENAI)
    assert (names(found), list(found.models)) == (["configured"], ["m"])


def test_nothing_is_chosen_when_nothing_is_configured() -> None:
    assert names(chosen(SHIPPED, "", OPENAI)) == []


def test_auto_means_all_that_can_be_asked() -> None:
    environ = {**OPENAI, "OLLAMA_BASE_URL": "http://127.0.0.1:11434/v1"}
    assert names(chosen(SINGLE, "auto", environ)) == ["configured", "ollama", "openai"]


def test_names_mean_those_that_can_be_asked() -> None:
    assert names(chosen(SINGLE, " openai, anthropic ", OPENAI)) == ["openai"]


def test_only_models_of_chosen_providers_are_left() -> None:
    assert {one.provider for one in chosen(SHIPPED, "openai", OPENAI).models.values()} == {"openai"}


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"`opnai` is no provider\. Did you mean `openai`\?"):
        chosen(SHIPPED, "anthropic, opnai", {})


def test_who_can_not_be_asked_is_told_with_the_reason() -> None:
    found = obstacles(SHIPPED, "openai, anthropic", OPENAI)
    assert (found.get("openai"), found["anthropic"], found["mistral"]) == (
        None,
        "ANTHROPIC_API_KEY is not set",
        "not in QUORUM_PROVIDERS",
    )
