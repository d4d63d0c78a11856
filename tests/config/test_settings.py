"""Settings that can't be used stop the start with a sentence, which repeats nothing secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import ConfigError
from config.settings import Settings


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("DATABASE_URL", "postgres://ann:hunter2@db/shop", "must start with sqlite+aiosqlite:/// or postgresql+asyncpg://."),
        ("DATABASE_URL", "hunter2", "must start with sqlite+aiosqlite:/// or postgresql+asyncpg://."),
        ("REDIS_URL", "http://:hunter2@valkey", "must start with redis:// or rediss:// or unix://."),
        ("ADMIN_TOKEN", "hunter2", "must have at least 16 characters."),
    ],
)  # fmt: skip
def test_a_value_of_another_form_is_told_and_not_repeated(variable: str, value: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Settings.from_environ({f"QUORUM_{variable}": value})
    assert str(refused.value) == f"environment: `QUORUM_{variable}`: {said}"


def test_a_secret_s_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\x30\x82\xff")
    with pytest.raises(
        ConfigError, match=r"`QUORUM_PRIVATE_KEY_FILE`: cannot read .*/key: it is not UTF-8 text\.$"
    ):
        Settings.from_environ({"QUORUM_PRIVATE_KEY_FILE": str(tmp_path / "key")})
