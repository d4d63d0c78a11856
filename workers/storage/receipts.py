"""Receipts of runs, and what choosing cheaper models has saved: never without the quality of the same runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from workers.domain.receipt import Receipt
from workers.storage.database import Database

RECEIPTS_MAX = 500
_COMPARABLE = "cost_micros IS NOT NULL AND premium_micros IS NOT NULL AND quality IS NOT NULL"

# Only runs of which all three are known: a saving of some runs beside the quality of others says nothing.
_SAVINGS = sa.text(
    f"""
SELECT workflow, count(*) AS runs, sum(CASE WHEN {_COMPARABLE} THEN 1 ELSE 0 END) AS compared,
  sum(CASE WHEN {_COMPARABLE} THEN cost_micros ELSE 0 END) AS cost_micros,
  sum(CASE WHEN {_COMPARABLE} THEN premium_micros ELSE 0 END) AS premium_micros,
  avg(CASE WHEN {_COMPARABLE} THEN quality END) AS quality,
  sum(CASE WHEN {_COMPARABLE} THEN validated ELSE 0 END) AS passed,
  count(CASE WHEN {_COMPARABLE} THEN validated END) AS checked
FROM receipt WHERE at >= :since AND at < :until GROUP BY workflow ORDER BY workflow
"""  # noqa: S608 - composed of constants
)

_KEEP = sa.text(
    """
INSERT INTO receipt (run, installation_id, repo_id, number, workflow, calls, cost_micros, estimated_micros,
                     premium_micros, premium_model, quality, validated, at)
VALUES (:run, :installation_id, :repo_id, :number, :workflow, :calls, :cost_micros, :estimated_micros,
        :premium_micros, :premium_model, :quality, :validated, :at)
ON CONFLICT (run) DO NOTHING
"""
)

_LIST = sa.text(
    """
SELECT run, repo_id, number, workflow, calls, cost_micros, estimated_micros, premium_micros, premium_model, quality,
       validated, at
FROM receipt WHERE at >= :since AND at < :until
  AND (:workflow = '' OR workflow = :workflow) AND (:repo_id = 0 OR repo_id = :repo_id)
ORDER BY at DESC, run LIMIT :limit
"""
).bindparams(sa.bindparam("workflow", type_=sa.Text), sa.bindparam("repo_id", type_=sa.BigInteger))


@dataclass(frozen=True, slots=True)
class Saving:
    """A workflow's runs, and of the `compared` ones, whose cost, premium cost and quality are all known: what they cost
    beside what the same tokens cost on the premium model, their mean quality (0 to 1), and how many of the `checked`
    passed validation.
    """

    workflow: str
    runs: int
    compared: int
    cost_micros: int
    premium_micros: int
    quality: float | None
    passed: int
    checked: int

    @property
    def share(self) -> float | None:
        """The part of the premium cost that was saved; negative: it cost more. None: nothing to compare."""
        return 1.0 - self.cost_micros / self.premium_micros if self.premium_micros else None


class ReceiptBook:
    """Receipts of all runs. Spans are epoch seconds, `until` not included."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, installation_id: int, receipt: Receipt) -> None:
        """Keep the receipt of a run; a second one of the same run is dropped."""
        row = {
            **asdict(receipt),
            "installation_id": installation_id,
            "validated": None if receipt.validated is None else int(receipt.validated),
        }
        await self._database.write(lambda conn: conn.execute(_KEEP, row))

    async def listed(
        self, since: float, until: float, *, workflow: str = "", repo_id: int = 0, limit: int = RECEIPTS_MAX
    ) -> list[Receipt]:
        """The newest receipts first; "" and 0 are any workflow and repository."""
        values = {"since": since, "until": until, "workflow": workflow, "repo_id": repo_id, "limit": limit}
        rows = await self._database.read(lambda conn: conn.execute(_LIST, values).all())
        return [_receipt(row) for row in rows]

    async def savings(self, since: float, until: float) -> list[Saving]:
        """What each workflow has saved."""
        values = {"since": since, "until": until}
        rows = await self._database.read(lambda conn: conn.execute(_SAVINGS, values).all())
        return [_saving(row) for row in rows]


def _receipt(row: sa.Row[Any]) -> Receipt:
    fields = row._asdict()
    validated = fields["validated"]
    return Receipt(**{**fields, "validated": None if validated is None else bool(validated)})


def _saving(row: sa.Row[Any]) -> Saving:
    return Saving(
        workflow=row.workflow,
        runs=int(row.runs),
        compared=int(row.compared),
        cost_micros=int(row.cost_micros),
        premium_micros=int(row.premium_micros),
        quality=None if row.quality is None else float(row.quality),
        passed=int(row.passed or 0),
        checked=int(row.checked),
    )
