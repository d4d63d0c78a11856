"""The operator's interface put together; imported only where QUORUM_ADMIN_TOKEN is set."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence

from starlette.routing import BaseRoute

from bot.admin.desk import Desk
from bot.admin.guard import Guard
from bot.admin.registry import routes
from bot.cli.advising import open_adviser
from config.operator import OperatorRules
from config.settings import Settings
from workers.storage.database import Database
from workers.storage.receipts import ReceiptBook
from workers.storage.reports import Reports


async def operator_routes(settings: Settings, database: Database) -> Sequence[BaseRoute]:
    """What the operator is served. Raises ConfigError for models or overrides that can't be used."""
    adviser = await asyncio.to_thread(open_adviser, settings, os.environ)  # reading the price list takes long
    desk = Desk(
        settings,
        OperatorRules.from_environ(os.environ),
        adviser,
        Reports(database),
        ReceiptBook(database),
        time.time,
    )
    return routes(desk, Guard(settings.admin_token, time.monotonic))
