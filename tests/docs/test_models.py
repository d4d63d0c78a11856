"""The page about models says what the catalogue says."""

from __future__ import annotations

import pytest

from config.catalogue_file import load_catalogue, shipped_text
from tests.docs.reading import blocks, table

SHIPPED = shipped_text()


def test_every_provider_is_in_the_page() -> None:
    assert list(table("models.md", "providers")) == [
        (
            f"`{spec.name}`",
            f"`{spec.base_url_env}`" if spec.base_url_env else spec.base_url,
            f"`{spec.api_key_env}`" if spec.api_key_env else "",
            "yes" if spec.batch else "no",
        )
        for spec in load_catalogue(SHIPPED, None, "").providers.values()
    ]


@pytest.mark.parametrize(("name", "text"), [one for one in blocks("yml") if one[0] == "models.md"])
def test_examples_of_a_catalogue_load(name: str, text: str) -> None:
    assert "lab/reviewer" in load_catalogue(SHIPPED, text, name).models
