"""What is done by turns: what is kept here is compared with GitHub, so that nothing is lost, and learned from."""

from __future__ import annotations

import asyncio

from workers.bootstrap import Services
from workers.jobs.healing import Healing
from workers.jobs.open_pulls import OpenPulls
from workers.jobs.outcomes import Settling
from workers.jobs.redelivering import Redelivery
from workers.jobs.stale_answers import StaleAnswers
from workers.jobs.stale_checks import StaleChecks
from workers.jobs.turns import Turns

SETTLING_INTERVAL_S = 3_600.0


def reconciliation(services: Services) -> Turns:
    """A row for each duty."""
    settings, clients, now = services.settings, services.clients, services.now
    redelivery_s, pulls_s = settings.redelivery_interval_s, settings.pulls_interval_s
    installations_s = settings.installations_interval_s
    redelivery = Redelivery(
        clients.app,
        services.missed,
        now,
        asyncio.sleep,
        redelivery_s,
        settings.redeliveries_max,
        settings.redelivery_pause_s,
    )
    return Turns(
        services.duties,
        {
            "redelivery": (redelivery_s, redelivery),
            "installations": (installations_s, Healing(clients, services.known, now, installations_s)),
            "pulls": (pulls_s, OpenPulls(clients, services.known, now, pulls_s)),
            "checks": (pulls_s, StaleChecks(clients, services.stale, settings.app_id, now, pulls_s)),
            "answers": (
                pulls_s,
                StaleAnswers(clients, services.stale, services.commands, now, pulls_s),
            ),
            "outcomes": (SETTLING_INTERVAL_S, Settling(services.outcomes, now, SETTLING_INTERVAL_S)),
        },
    )
