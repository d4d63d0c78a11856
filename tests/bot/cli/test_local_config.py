"""A local repository's own rules."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.local_config import effective_config, local_layer
from config.errors import ConfigError
from config.repository import RepositoryConfig


def repository(folder: Path, name: str, content: bytes) -> Path:
    (folder / ".git").mkdir()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    (folder / "src").mkdir()
    return folder


@pytest.mark.parametrize("name", [".github/quorum.yml", ".quorum.yml"])
def test_file_is_found_from_any_folder(tmp_path: Path, name: str) -> None:
    root = repository(tmp_path, name, b"review: {inline_max: 2}")
    found = effective_config(root / "src", {})
    assert (found.config.review.inline_max, found.origins["review.inline_max"]) == (2, name)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    found = effective_config(tmp_path, {})
    assert found.config == RepositoryConfig()
    assert set(found.origins.values()) == {"default"}


def test_the_environment_has_the_last_word(tmp_path: Path) -> None:
    root = repository(tmp_path, ".quorum.yml", b"review: {inline_max: 2}")
    found = effective_config(root, {"QUORUM_REVIEW_INLINE_MAX": "3"})
    assert (found.config.review.inline_max, found.origins["review.inline_max"]) == (
        3,
        "environment QUORUM_REVIEW_INLINE_MAX",
    )


def test_mistakes_name_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^\.quorum\.yml: line 1, column 1, `reviw`"):
        local_layer(repository(tmp_path, ".quorum.yml", b"reviw: 1"))


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not UTF-8"):
        local_layer(repository(tmp_path, ".quorum.yml", b"\xff\xfe"))


@pytest.mark.parametrize("make", [Path.mkdir, lambda place: place.symlink_to("nowhere"), os.mkfifo])
def test_what_stands_in_the_file_s_place_and_is_none_is_named(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    (tmp_path / ".git").mkdir()
    make(tmp_path / ".quorum.yml")
    with pytest.raises(ConfigError, match=r"^\.quorum\.yml: is no file"):
        local_layer(tmp_path)
