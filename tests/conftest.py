"""Fixtures that every test folder may use."""

from __future__ import annotations

import gc

import pytest
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


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave all that was imported out of later garbage collections: a seventh of the tests' processor time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
