"""The last valid configuration."""

from __future__ import annotations

from dataclasses import replace

from tests.fakes.clock import Clock
from tests.workers.storage.telling import rows
from workers.domain.memory import KeptConfig
from workers.storage import tables
from workers.storage.configurations import ConfigurationStore
from workers.storage.database import Database

KEPT = KeptConfig(".github/quorum.yml@1a2b3c4", "blob", "version: 1\n")


async def test_nothing_was_valid_at_first(database: Database) -> None:
    assert await ConfigurationStore(database, Clock()).last(10, "repository") is None


async def test_the_last_valid_file_of_a_layer_is_kept(database: Database) -> None:
    store = ConfigurationStore(database, Clock())
    await store.keep(10, "repository", KEPT)
    await store.keep(10, "repository", replace(KEPT, blob_sha="newer", text="version: 2\n"))
    await store.keep(10, "organisation", KEPT)
    kept = await store.last(10, "repository")
    assert kept is not None
    assert kept.text == "version: 2\n"
    assert await store.last(10, "organisation") == KEPT


async def test_the_same_file_is_not_written_again(database: Database) -> None:
    clock = Clock(5.0)
    store = ConfigurationStore(database, clock)
    await store.keep(10, "repository", KEPT)
    clock.advance(1)
    await store.keep(10, "repository", KEPT)
    assert [row.at for row in await rows(database, tables.configuration)] == [5.0]
