"""What the work table says at a glance: how much waits, what is due next, what was given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from workers.domain.work import WorkKey
from workers.storage.claims import KNOWN, PIPELINES, READY, of_pipelines


@dataclass(frozen=True, slots=True)
class Dead:
    """Work given up on one generation. `error` is for the operator's eyes; `head_sha` is the event's hint."""

    key: WorkKey
    generation: int
    full_name: str
    head_sha: str
    error: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The work table in figures, and what was learned from. `oldest_s` is the age of the oldest ready row; 0 if none."""

    wanted: int
    ready: int
    running: int
    dead: int
    parked_installations: int
    oldest_s: float
    outcomes_right: int
    outcomes_wrong: int


_READY = f"SELECT count(*) FROM (SELECT 1 FROM work WHERE {READY} AND {KNOWN} LIMIT :limit) AS few"  # noqa: S608

# Parked installations are looked at again when their time is over.
_NEXT_DUE = f"""
SELECT min(due) FROM (
  SELECT min(CASE WHEN lease_until > not_before THEN lease_until ELSE not_before END) AS due FROM work
  WHERE wanted_gen > done_gen AND wanted_gen > dead_gen AND (not_before > :now OR lease_until > :now)
    AND {KNOWN}
  UNION ALL SELECT min(parked_until) FROM installation WHERE parked_until > :now
) AS soonest
"""  # noqa: S608 - composed of constants

_TAKE_DEAD = sa.text(
    """
UPDATE dead SET report_after = :until
WHERE reported_at IS NULL AND report_after <= :now
RETURNING work_key, generation, error,
  (SELECT full_name FROM work WHERE work.key = dead.work_key) AS full_name,
  (SELECT head_sha_hint FROM work WHERE work.key = dead.work_key) AS head_sha
"""
)

_MARK_REPORTED = sa.text(
    "UPDATE dead SET reported_at = :now WHERE work_key = :key AND generation = :generation"
)

_COUNTS = of_pipelines(
    f"""
SELECT
  (SELECT count(*) FROM work WHERE wanted_gen > done_gen AND wanted_gen > dead_gen AND {KNOWN}) AS wanted,
  (SELECT count(*) FROM work WHERE {READY} AND {KNOWN}) AS ready,
  (SELECT count(*) FROM work WHERE lease_until > 0 AND lease_until > :now) AS running,
  (SELECT count(*) FROM work WHERE wanted_gen > done_gen AND wanted_gen <= dead_gen) AS dead,
  (SELECT count(*) FROM installation WHERE parked_until > :now) AS parked_installations,
  (SELECT count(*) FROM outcome WHERE counted = 'right') AS outcomes_right,
  (SELECT count(*) FROM outcome WHERE counted = 'wrong') AS outcomes_wrong,
  (SELECT min(first_wanted_at) FROM work WHERE {READY} AND {KNOWN}) AS oldest
""",  # noqa: S608 - composed of constants
    PIPELINES,
)


class Outlook:
    """What waits for a process that knows these `pipelines`."""

    def __init__(self, pipelines: Sequence[str]) -> None:
        self._ready = of_pipelines(_READY, pipelines)
        self._next_due = of_pipelines(_NEXT_DUE, pipelines)

    def count_ready(self, conn: sa.Connection, now: float, limit: int) -> int:
        """Rows that could be claimed now, counted up to `limit`."""
        return int(conn.scalar(self._ready, {"now": now, "limit": limit}) or 0)

    def next_due(self, conn: sa.Connection, now: float) -> float | None:
        """The next moment, epoch seconds, at which some row becomes ready by itself; None: not before it is wanted."""
        due = conn.scalar(self._next_due, {"now": now})
        return None if due is None else float(due)


def take_dead(conn: sa.Connection, now: float, until: float) -> list[Dead]:
    """Dead work that nobody was told of; not given out again before `until`."""
    rows = conn.execute(_TAKE_DEAD, {"now": now, "until": until}).all()
    return [_dead(row) for row in rows]


def mark_reported(conn: sa.Connection, dead: Dead, now: float) -> None:
    """Somebody was told of this dead work."""
    conn.execute(_MARK_REPORTED, {"key": str(dead.key), "generation": dead.generation, "now": now})


def counts(conn: sa.Connection, now: float) -> Counts:
    """The figures for metrics."""
    row = conn.execute(_COUNTS, {"now": now}).one()
    oldest_s = 0.0 if row.oldest is None else max(0.0, now - row.oldest)
    work = (row.wanted, row.ready, row.running, row.dead, row.parked_installations, oldest_s)
    return Counts(*work, row.outcomes_right, row.outcomes_wrong)


def _dead(row: sa.Row[Any]) -> Dead:
    return Dead(
        WorkKey.parse(row.work_key), row.generation, row.full_name or "", row.head_sha or "", row.error
    )
