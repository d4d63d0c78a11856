"""What shows how far a desk's work is."""

from __future__ import annotations

from typing import Any

from tests.workers.jobs.desk import Desk
from workers.jobs.showing import Showing
from workers.storage.calls import CallStore
from workers.storage.leftovers import Leftovers


def showing(desk: Desk, **limits: Any) -> Showing:
    """As workers have it, but for `limits`."""
    clock, database = desk.clock, desk.database
    return Showing(
        desk.octo.clients, desk.ledger, Leftovers(database), CallStore(database, clock), clock, **limits
    )
