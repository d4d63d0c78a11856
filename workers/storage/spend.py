"""What was spent, summed from the ledger of calls: the truth behind the budget's counters."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from workers.domain.budget import Payer, Period
from workers.domain.spend import Account
from workers.storage.database import Database

# What a call of unknown cost was thought to cost is better than nothing.
_SUM = "SELECT {i} AS place, sum(coalesce(cost_micros, estimated_micros, 0)) AS micros FROM call WHERE "
_TIME = "at >= :since_{i} AND at < :until_{i}"
_WHOSE = {
    Payer.OPERATOR: "",
    Payer.INSTALLATION: "installation_id = :payer_{i} AND ",
    Payer.REPOSITORY: "repo_id = :payer_{i} AND ",
    Payer.USER: "user_id = :payer_{i} AND ",
}


class SpendSums:
    """A SpendLedger over the `call` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spent(self, accounts: Sequence[Account]) -> list[int]:
        """Micro-dollars of each account, in one query. Raises StorageUnavailableError."""
        if not accounts:
            return []
        query = sa.text(" UNION ALL ".join(_condition(i, one) for i, one in enumerate(accounts)))
        values = {name: value for i, one in enumerate(accounts) for name, value in _values(i, one).items()}
        rows = await self._database.read(lambda conn: conn.execute(query, values).all())
        sums = {row.place: int(row.micros or 0) for row in rows}
        return [sums[i] for i in range(len(accounts))]


def _condition(i: int, account: Account) -> str:
    if account.period is Period.RUN:
        return (_SUM + "run = :run_{i}").format(i=i)
    return (_SUM + _WHOSE[account.payer] + _TIME).format(i=i)


def _values(i: int, account: Account) -> dict[str, object]:
    if account.period is Period.RUN:
        return {f"run_{i}": account.label}
    since, until = account.bounds()
    times: dict[str, object] = {f"since_{i}": since, f"until_{i}": until}
    return times if account.payer is Payer.OPERATOR else times | {f"payer_{i}": account.payer_id}
