"""QUORUM_MODEL is an entry of the catalogue like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from config.catalogue import Catalogue, PriceOverride
from config.catalogue_file import load_catalogue, shipped_text
from config.catalogue_single import open_catalogue, with_single
from config.errors import ConfigError
from config.settings import Settings

SHIPPED = load_catalogue(shipped_text(), None, "")


def single(model: str, **more: Any) -> Catalogue:
    return with_single(SHIPPED, Settings(model=model, model_base_url="http://gpu:8000/v1", **more))


def test_without_a_model_nothing_changes() -> None:
    assert with_single(SHIPPED, Settings()) is SHIPPED


def test_it_is_served_by_the_configured_provider() -> None:
    found = single("mine", model_context_tokens=16_000)
    model = found.models["mine"]
    assert (model.context_tokens, model.quality, found.provider_of(model).base_url) == (
        16_000,
        6,
        "http://gpu:8000/v1",
    )


def test_a_stated_price_is_kept() -> None:
    found = single("mine", model_input_usd_per_million=1, model_output_usd_per_million=2)
    assert found.models["mine"].price == PriceOverride(input=1, output=2)


def test_half_a_price_is_none() -> None:
    assert single("mine", model_input_usd_per_million=1).models["mine"].price is None


def test_it_takes_the_name_of_a_known_model_which_keeps_a_place() -> None:
    found = single("claude-sonnet-4.5")
    moved = found.models["anthropic/claude-sonnet-4.5"]
    assert (found.models["claude-sonnet-4.5"].provider, moved.remote_id) == (
        "configured",
        "claude-sonnet-4-5",
    )


def test_it_is_of_the_family_that_its_name_is_known_for() -> None:
    assert single("claude-sonnet-4.5").models["claude-sonnet-4.5"].family == "claude"


@pytest.mark.parametrize("model", ["/models/llama 3.gguf", "@cf/meta/llama", "…", "x" * 300])
def test_any_name_reaches_the_endpoint_as_it_was_written(model: str) -> None:
    (found,) = [one for one in single(model).models.values() if one.provider == "configured"]
    assert found.remote_id == model


def test_a_model_needs_an_endpoint() -> None:
    with pytest.raises(ConfigError, match="QUORUM_MODEL_BASE_URL"):
        with_single(SHIPPED, Settings(model="m"))


def test_a_key_in_the_place_of_its_variables_name_is_not_repeated() -> None:
    with pytest.raises(ConfigError, match="QUORUM_MODEL_API_KEY_ENV") as caught:
        single("m", model_api_key_env="sk-secret")
    assert "sk-secret" not in str(caught.value)


def test_an_endless_price_is_refused() -> None:
    with pytest.raises(ConfigError, match="QUORUM_MODEL_INPUT_USD_PER_MILLION"):
        single("m", model_input_usd_per_million=float("inf"), model_output_usd_per_million=1)


def test_the_operators_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.yaml"
    path.write_text("models: {gpt-4o: {quality: 2}}")
    assert open_catalogue(Settings(catalogue=path)).models["gpt-4o"].quality == 2


def test_the_operators_file_is_named_in_its_errors(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.yaml"
    path.write_text("models: {gpt-4o: {qualty: 2}}")
    with pytest.raises(ConfigError, match=r"catalogue\.yaml: line 1, column 19"):
        open_catalogue(Settings(catalogue=path))
