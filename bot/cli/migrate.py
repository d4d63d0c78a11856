"""`quorum migrate`: safe to run again, and by several at once."""

from __future__ import annotations

import asyncio

from config.settings import Settings
from workers.storage.migrate import migrate


def run(settings: Settings) -> int:
    """Bring the tables of the configured database up to date."""
    asyncio.run(migrate(settings.resolved_database_url()))
    return 0
