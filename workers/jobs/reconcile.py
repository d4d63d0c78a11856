"""Reconciliation: nothing that GitHub sent is lost, for what is kept here is compared with GitHub by turns."""

from __future__ import annotations

import asyncio

from workers.bootstrap import Services
from workers.jobs.redelivering import Redelivery
from workers.jobs.turns import Turns


def reconciliation(services: Services) -> Turns:
    """A row for each comparison."""
    settings = services.settings
    redelivery = Redelivery(
        services.clients.app,
        services.missed,
        services.now,
        asyncio.sleep,
        settings.redelivery_interval_s,
        settings.redeliveries_max,
        settings.redelivery_pause_s,
    )
    return Turns(services.duties, {"redelivery": (settings.redelivery_interval_s, redelivery)})
