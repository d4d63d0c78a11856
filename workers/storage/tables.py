"""The tables, as SQLAlchemy Core sees them; migrations make them true. Times are epoch seconds (float, UTC)."""

from __future__ import annotations

from workers.storage.schema.base import metadata
from workers.storage.schema.places import command, configuration, installation, pull, repository, topic
from workers.storage.schema.said import dismissal, finding, outcome, review_round, thread
from workers.storage.schema.spent import alert, call, profile, receipt
from workers.storage.schema.waiting import dead, delivery, duty, effect, missed, work

__all__ = [
    "alert",
    "call",
    "command",
    "configuration",
    "dead",
    "delivery",
    "dismissal",
    "duty",
    "effect",
    "finding",
    "installation",
    "metadata",
    "missed",
    "outcome",
    "profile",
    "pull",
    "receipt",
    "repository",
    "review_round",
    "thread",
    "topic",
    "work",
]
