"""Model calls in the database: what a pull request and a repository have used and cost."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from workers.domain.usage import Call, Usage
from workers.domain.work import Claim
from workers.storage.call_rows import CallRows
from workers.storage.database import Database

REASON_MAX_CHARS = 500

# One unknown cost makes the sum unknown.
_SUMS = """
  sum(calls) AS calls, sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
  sum(output_tokens) AS output_tokens, sum(cost_micros) AS cost_micros, sum(seconds) AS seconds,
  sum(written_tokens) AS written_tokens, count(*) AS lines, count(cost_micros) AS priced
"""

_OF_PULL = sa.text(
    f"""
SELECT stage, model, {_SUMS} FROM call WHERE repo_id = :repo_id AND number = :number
GROUP BY stage, model ORDER BY stage, model
"""  # noqa: S608 - composed of constants
)

_OF_MONTH = sa.text(f"SELECT {_SUMS} FROM call WHERE repo_id = :repo_id AND at >= :since")  # noqa: S608


_OF_RUN = sa.text(
    f"SELECT {_SUMS} FROM call WHERE repo_id = :repo_id AND number = :number AND run = :run"  # noqa: S608
)


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
        self._rows = CallRows(database)

    def recorder(self, claim: Claim, head_sha: str, user_id: int = 0) -> Callable[[Call], Awaitable[None]]:
        """Keeps the calls of the claim's run, one after the other; each is there when the caller goes on.

        `user_id` is who asked for the run, 0 when an event did.
        """
        run = _run(claim, head_sha, user_id)
        positions = itertools.count()

        async def record(call: Call) -> None:
            row = {**run, "position": next(positions), "now": self._now(), **_line(call)}
            await self._rows.add(row)

        return record

    async def of_pull(self, repo_id: int, number: int) -> list[Spent]:
        """What a pull request has used, by stage and model; a sum of costs is None when one of them is unknown."""
        values = {"repo_id": repo_id, "number": number}
        rows = await self._database.read(lambda conn: conn.execute(_OF_PULL, values).all())
        return [Spent(row.stage, row.model, _usage(row)) for row in rows]

    async def of_run(self, claim: Claim) -> Usage:
        """What the claim's run has used so far."""
        values = {"repo_id": claim.key.repo_id, "number": claim.key.number, "run": claim.token}
        return _usage(await self._database.read(lambda conn: conn.execute(_OF_RUN, values).one()))

    async def of_month(self, repo_id: int, since: float) -> Usage:
        """What a repository has used from `since` (epoch seconds) on, in all."""
        values = {"repo_id": repo_id, "since": since}
        return _usage(await self._database.read(lambda conn: conn.execute(_OF_MONTH, values).one()))


def _run(claim: Claim, head_sha: str, user_id: int) -> dict[str, object]:
    return {
        "run": claim.token,
        "installation_id": claim.key.installation_id,
        "repo_id": claim.key.repo_id,
        "number": claim.key.number,
        "pipeline": claim.key.pipeline,
        "generation": claim.generation,
        "head_sha": head_sha,
        "user_id": user_id,
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
        "written_tokens": used.written_tokens,
        "cost_micros": used.cost_micros,
        "estimated_micros": call.estimated_micros,
        "provider": call.provider,
        "reason": call.reason[:REASON_MAX_CHARS],
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
        written_tokens=int(row.written_tokens or 0),
    )
