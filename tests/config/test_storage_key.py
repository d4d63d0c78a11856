"""A key that encrypts must not be a word."""

from __future__ import annotations

import pytest

from config.errors import ConfigError
from config.settings import Settings


def test_a_short_storage_key_is_refused_without_being_shown() -> None:
    with pytest.raises(ConfigError) as refused:
        Settings.from_environ({"QUORUM_STORAGE_KEY": "hunter2"})
    assert "QUORUM_STORAGE_KEY" in str(refused.value)
    assert "16 characters" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_long_one_and_none_are_taken() -> None:
    assert Settings.from_environ({"QUORUM_STORAGE_KEY": "k" * 16}).storage_key.get_secret_value() == "k" * 16
    assert not Settings.from_environ({}).storage_key.get_secret_value()
