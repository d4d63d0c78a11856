"""Alerts that were sent, each once over all workers: claimed before sending, given back when that failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from workers.storage.database import Database

_CLAIM = sa.text(
    """
INSERT INTO alert (payer, payer_id, period, subject, channel, at)
VALUES (:payer, :payer_id, :period, :subject, :channel, :now)
ON CONFLICT (payer, payer_id, period, subject, channel) DO NOTHING
"""
)
_GIVE_BACK = sa.text(
    """
DELETE FROM alert WHERE payer = :payer AND payer_id = :payer_id AND period = :period
  AND subject = :subject AND channel = :channel
"""
)


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to be said once: about whom and when ("2026-11"), what ("80", "report"), and by which channel."""

    payer: str
    payer_id: int
    period: str
    subject: str
    channel: str


class AlertStore:
    """Who may say what. `now` gives epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    async def claim(self, alert: Alert) -> bool:
        """Whether the caller is the one to send it; False: somebody has, or is about to."""
        values = {**asdict(alert), "now": self._now()}
        return await self._database.write(lambda conn: conn.execute(_CLAIM, values).rowcount) == 1

    async def give_back(self, alert: Alert) -> None:
        """It was not sent: the next look may try again."""
        await self._database.write(lambda conn: conn.execute(_GIVE_BACK, asdict(alert)))
