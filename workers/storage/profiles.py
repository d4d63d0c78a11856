"""Profiles in the database: what models have shown, added up in one statement so that workers can't undo each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from workers.domain.fresh import Fresh
from workers.domain.profile import MEASURES, Moments, Observation, Profiles, decay_of
from workers.storage.database import Database

FRESH_S = 5.0

_ALL = sa.text("SELECT model, kind, measure, weight, mean, m2 FROM profile")

# The arithmetic of `workers.domain.profile.observe`.
_WEIGHT = "(:kept * profile.weight + 1)"
_MEAN = f"(profile.mean + (:value - profile.mean) / {_WEIGHT})"
_LEARN = sa.text(
    f"""
INSERT INTO profile (model, kind, measure, weight, mean, m2, at)
VALUES (:model, :kind, :measure, 1, :value, 0, :now)
ON CONFLICT (model, kind, measure) DO UPDATE SET
  weight = {_WEIGHT},
  mean = {_MEAN},
  m2 = :kept * profile.m2 + (:value - profile.mean) * (:value - {_MEAN}),
  at = :now
"""  # noqa: S608 - composed of constants
).bindparams(sa.bindparam("value", type_=sa.Double), sa.bindparam("kept", type_=sa.Double))


@dataclass(slots=True)
class ProfileStore:
    """All profiles, read anew when they are FRESH_S old. `now` gives epoch seconds."""

    database: Database
    now: Callable[[], float]
    _fresh: Fresh[Profiles] = field(init=False)

    def __post_init__(self) -> None:
        self._fresh = Fresh(self._read, self.now, FRESH_S)

    async def known(self) -> Profiles:
        """(model, kind, measure) → moments; the same object until it is read anew."""
        return await self._fresh.get()

    async def _read(self) -> Profiles:
        rows = await self.database.read(lambda conn: conn.execute(_ALL).all())
        return {(row.model, row.kind, row.measure): Moments(row.weight, row.mean, row.m2) for row in rows}

    async def learn(self, observations: Collection[Observation]) -> None:
        """Add what was seen."""
        if observations:
            await self.database.write(lambda conn: learn_within(conn, observations, self.now()))


def learn_within(conn: sa.Connection, observations: Collection[Observation], now: float) -> None:
    """Add what was seen, in the caller's transaction. `now` in epoch seconds."""
    rows = [row for one in observations for row in _rows(one, now)]
    # Always in the order of keys, so that two transactions can't wait for each other.
    rows.sort(key=lambda row: (row["model"], row["kind"], row["measure"]))
    if rows:
        conn.execute(_LEARN, rows)


def _rows(one: Observation, now: float) -> Iterator[dict[str, object]]:
    for measure in MEASURES:
        value = getattr(one, measure)
        if value is not None:
            yield {
                "model": one.model,
                "kind": one.kind,
                "measure": measure,
                "value": float(value),
                "kept": 1.0 - decay_of(measure),
                "now": now,
            }
