"""Model calls in the database: what a pull request and a repository have used and cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from workers.domain.usage import Call, Usage
from workers.domain.work import Claim
from workers.storage.database import Database

_RECORD = sa.text(
    """
INSERT INTO call (run, position, installation_id, repo_id, number, pipeline, generation, head_sha, stage, model,
                  outcome, calls, input_tokens, cached_tokens, output_tokens, cost_micros, seconds, at)
VALUES (:run, :position, :installation_id, :repo_id, :number, :pipeline, :generation, :head_sha, :stage, :model,
        :outcome, :calls, :input_tokens, :cached_tokens, :output_tokens, :cost_micros, :seconds, :now)
ON CONFLICT (run, position) DO NOTHING
"""
)

# One unknown cost makes the sum unknown.
_SUMS = """
  sum(calls) AS calls, sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
  sum(output_tokens) AS output_tokens, sum(cost_micros) AS cost_micros, sum(seconds) AS seconds,
  count(*) AS lines, count(cost_micros) AS priced
"""

_OF_PULL = sa.text(
    f"""
SELECT stage, model, {_SUMS} FROM call WHERE repo_id = :repo_id AND number = :number
GROUP BY stage, model ORDER BY stage, model
"""  # noqa: S608 - composed of constants
)

_OF_MONTH = sa.text(f"SELECT {_SUMS} FROM call WHERE repo_id = :repo_id AND at >= :since")  # noqa: S608


@dataclass(frozen=True, slots=True)
class Spent:
    """What one stage used of one model, over all runs."""

    stage: str
    model: str
    usage: Usage


class CallStore:
    """The calls of all runs. `now` gives epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    async def record(self, claim: Claim, head_sha: str, calls: Sequence[Call]) -> None:
        """Keep the calls of the claim's run, in their order; those that are kept already stay as they are."""
        run = _run(claim, head_sha, self._now())
        rows = [{**run, "position": position, **_line(call)} for position, call in enumerate(calls)]

        def record(conn: sa.Connection) -> None:
            conn.execute(_RECORD, rows)

        if rows:
            await self._database.write(record)

    async def of_pull(self, repo_id: int, number: int) -> list[Spent]:
        """What a pull request has used, by stage and model; a sum of costs is None when one of them is unknown."""
        values = {"repo_id": repo_id, "number": number}
        rows = await self._database.read(lambda conn: conn.execute(_OF_PULL, values).all())
        return [Spent(row.stage, row.model, _usage(row)) for row in rows]

    async def of_month(self, repo_id: int, since: float) -> Usage:
        """What a repository has used from `since` (epoch seconds) on, in all."""
        values = {"repo_id": repo_id, "since": since}
        return _usage(await self._database.read(lambda conn: conn.execute(_OF_MONTH, values).one()))


def _run(claim: Claim, head_sha: str, now: float) -> dict[str, object]:
    return {
        "run": claim.token,
        "installation_id": claim.key.installation_id,
        "repo_id": claim.key.repo_id,
        "number": claim.key.number,
        "pipeline": claim.key.pipeline,
        "generation": claim.generation,
        "head_sha": head_sha,
        "now": now,
    }


def _line(call: Call) -> dict[str, object]:
    used = call.usage
    return {
        "stage": call.stage,
        "model": call.model,
        "outcome": call.outcome,
        "calls": used.calls,
        "input_tokens": used.input_tokens,
        "cached_tokens": used.cached_tokens,
        "output_tokens": used.output_tokens,
        "cost_micros": used.cost_micros,
        "seconds": used.seconds,
    }


def _usage(row: sa.Row[Any]) -> Usage:
    """The sums of a row; they are NULL when there was nothing to add up."""
    return Usage(
        calls=int(row.calls or 0),
        input_tokens=int(row.input_tokens or 0),
        cached_tokens=int(row.cached_tokens or 0),
        output_tokens=int(row.output_tokens or 0),
        cost_micros=int(row.cost_micros or 0) if row.priced == row.lines else None,
        seconds=float(row.seconds or 0.0),
    )
