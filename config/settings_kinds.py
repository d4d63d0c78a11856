"""Kinds of values that the operator's settings have; what is wrong with one never repeats it, it may be a secret."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, SecretStr

MIB = 1024 * 1024
STORAGE_KEY_MIN_CHARS = 16


def _base_url(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("must start with https:// or http://")
    return value.rstrip("/")


def _long_enough(value: SecretStr) -> SecretStr:
    if 0 < len(value.get_secret_value()) < STORAGE_KEY_MIN_CHARS:
        raise ValueError(f"must have at least {STORAGE_KEY_MIN_CHARS} characters")
    return value


def _database(value: SecretStr) -> SecretStr:
    return _starts(value, ("sqlite+aiosqlite:///", "postgresql+asyncpg://"))


def _redis(value: SecretStr) -> SecretStr:
    return _starts(value, ("redis://", "rediss://", "unix://"))


def _starts(value: SecretStr, beginnings: tuple[str, ...]) -> SecretStr:
    """`value`, which may be empty."""
    given = value.get_secret_value()
    if given and not given.startswith(beginnings):
        raise ValueError(f"must start with {' or '.join(beginnings)}")
    return value


Usd = float | None
BaseUrl = Annotated[str, AfterValidator(_base_url)]
LongSecret = Annotated[SecretStr, AfterValidator(_long_enough)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis)]
