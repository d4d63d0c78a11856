"""Fixtures that every test folder may use."""

from __future__ import annotations

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
