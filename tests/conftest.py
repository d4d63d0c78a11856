"""Fixtures that every test folder may use."""

from __future__ import annotations

from hypothesis import settings

from tests.databases import (
    database,
    database_url,
    empty_url,
    postgres,
    sqlite_template,
    sqlite_url,
    valkey,
    valkey_server,
)

__all__ = [
    "database",
    "database_url",
    "empty_url",
    "postgres",
    "sqlite_template",
    "sqlite_url",
    "valkey",
    "valkey_server",
]

# Rules hold for all inputs, on machines of any speed.
settings.register_profile("quorum", deadline=None)
settings.load_profile("quorum")
