"""What models have cost in a span of time: by model, repository and workflow; unknown costs are counted apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from workers.domain.budget import Payer
from workers.storage.database import Database

LINES_MAX = 100
"""Of one table of a report; its total is of all lines."""

_SUMS = """
  sum(calls) AS calls, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
  sum(cost_micros) AS known_micros, count(*) - count(cost_micros) AS unpriced,
  sum(coalesce(cost_micros, estimated_micros, 0)) AS counted_micros
"""
_WITHIN = "at >= :since AND at < :until"
_TOTAL = sa.text(f"SELECT '' AS name, {_SUMS} FROM call WHERE {_WITHIN}")  # noqa: S608 - constants, all of it
_GROUPED = """
SELECT {name} AS name, {sums} FROM call LEFT JOIN repository ON repository.id = call.repo_id WHERE {within}
GROUP BY 1 ORDER BY coalesce(sum(cost_micros), 0) DESC, sum(calls) DESC, 1 LIMIT :limit
"""
_REPOSITORY = "coalesce(repository.full_name, 'repository ' || call.repo_id)"


def _grouped(name: str) -> sa.TextClause:
    return sa.text(_GROUPED.format(name=name, sums=_SUMS, within=_WITHIN))


_BY_MODEL, _BY_REPOSITORY, _BY_WORKFLOW = map(_grouped, ("call.model", _REPOSITORY, "call.pipeline"))

_PAYERS: Mapping[Payer, tuple[str, str, str]] = {
    Payer.OPERATOR: ("0", "''", ""),
    Payer.INSTALLATION: (
        "call.installation_id",
        "coalesce(max(installation.account), '')",
        "LEFT JOIN installation ON installation.id = call.installation_id",
    ),
    Payer.REPOSITORY: (
        "call.repo_id",
        "coalesce(max(repository.full_name), '')",
        "LEFT JOIN repository ON repository.id = call.repo_id",
    ),
    Payer.USER: ("call.user_id", "''", ""),
}
"""Whose money → the column with their id, their name, and where that is."""


@dataclass(frozen=True, slots=True)
class Line:
    """Calls, tokens and micro-dollars under one name. `unpriced` lines of the ledger have an unknown cost, which is
    not in `known_micros`; `counted_micros` has its estimate instead, as budgets count.
    """

    name: str
    calls: int
    input_tokens: int
    output_tokens: int
    known_micros: int
    unpriced: int
    counted_micros: int


@dataclass(frozen=True, slots=True)
class Spend:
    """A span's total, and the dearest lines of it by each view."""

    total: Line
    by_model: Sequence[Line]
    by_repository: Sequence[Line]
    by_workflow: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Owed:
    """What one payer has spent, calls of unknown cost (`unpriced` lines) by their estimate; `name` may be ""."""

    payer_id: int
    name: str
    counted_micros: int
    unpriced: int


class Reports:
    """Questions to the ledger of calls. Spans are epoch seconds, `until` not included."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def total(self, since: float, until: float) -> Line:
        """All that was spent."""
        values = {"since": since, "until": until}
        return await self._database.read(lambda conn: _line(conn.execute(_TOTAL, values).one()))

    async def spend(self, since: float, until: float) -> Spend:
        """All that was spent, by each view, of one state of the ledger."""
        values = {"since": since, "until": until, "limit": LINES_MAX}

        def read(conn: sa.Connection) -> Spend:
            views = (
                [_line(row) for row in conn.execute(statement, values)]
                for statement in (_BY_MODEL, _BY_REPOSITORY, _BY_WORKFLOW)
            )
            return Spend(_line(conn.execute(_TOTAL, values).one()), *views)

        return await self._database.read(read)

    async def owing(self, payer: Payer, since: float, until: float, least_micros: int) -> list[Owed]:
        """Each payer of this kind that has spent `least_micros` or more, the dearest first."""
        values = {"since": since, "until": until, "least": least_micros, "limit": LINES_MAX}
        statement = _owing(payer)
        rows = await self._database.read(lambda conn: conn.execute(statement, values).all())
        return [Owed(int(row.id), row.name, int(row.counted_micros), int(row.unpriced)) for row in rows]


def _owing(payer: Payer) -> sa.TextClause:
    column, name, join = _PAYERS[payer]
    somebody = f"AND {column} <> 0" if payer is Payer.USER else ""
    return sa.text(
        f"""
SELECT {column} AS id, {name} AS name, sum(coalesce(cost_micros, estimated_micros, 0)) AS counted_micros,
  count(*) - count(cost_micros) AS unpriced
FROM call {join} WHERE {_WITHIN} {somebody}
GROUP BY 1 HAVING sum(coalesce(cost_micros, estimated_micros, 0)) >= :least ORDER BY 3 DESC, 1 LIMIT :limit
"""  # noqa: S608 - composed of constants
    )


def _line(row: sa.Row[Any]) -> Line:
    """Sums of nothing are NULL."""
    sums = (
        row.calls,
        row.input_tokens,
        row.output_tokens,
        row.known_micros,
        row.unpriced,
        row.counted_micros,
    )
    return Line(row.name, *(int(one or 0) for one in sums))
