"""The database, opened by somebody at a terminal who may never have made one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from config.settings import Settings
from workers.domain.errors import TransientError
from workers.storage.database import Database
from workers.storage.faults import StorageUnavailableError

UNREADABLE = (
    "The database can't be read: `quorum doctor` says why. If there is none yet, set QUORUM_DATABASE_URL or run "
    "`quorum migrate` here."
)


@asynccontextmanager
async def open_ledger(settings: Settings) -> AsyncIterator[Database]:
    """The database of `settings`. Raises TransientError, with what to do, while it can't be read."""
    database = Database.connect(settings.resolved_database_url())
    try:
        yield database
    except StorageUnavailableError as error:
        raise TransientError(UNREADABLE) from error
    finally:
        await database.close()
