"""Calls and receipts in the ledger, by hand."""

from __future__ import annotations

import itertools
from typing import Any

import sqlalchemy as sa

from workers.storage import tables
from workers.storage.database import Database

_numbers = itertools.count()


async def spent(database: Database, **more: Any) -> None:
    """One line of the ledger: a call of 100 tokens in, 20 out, 10 micro-dollars, at 1000 s."""
    row = {
        "run": f"run-{next(_numbers)}",
        "position": 0,
        "installation_id": 1,
        "repo_id": 10,
        "number": 1,
        "pipeline": "review",
        "generation": 1,
        "head_sha": "sha",
        "stage": "review/security",
        "model": "small",
        "outcome": "ok",
        "calls": 1,
        "input_tokens": 100,
        "cached_tokens": 0,
        "output_tokens": 20,
        "cost_micros": 10,
        "seconds": 0.5,
        "at": 1000.0,
    }
    await _insert(database, tables.call, row | more)


async def receipted(database: Database, **more: Any) -> None:
    """One receipt: a review of 10 micro-dollars, estimated to 8, 100 at premium, of quality 0.9, at 1000 s."""
    row = {
        "run": f"run-{next(_numbers)}",
        "installation_id": 1,
        "repo_id": 10,
        "number": 1,
        "workflow": "review",
        "calls": 3,
        "cost_micros": 10,
        "estimated_micros": 8,
        "premium_micros": 100,
        "premium_model": "big",
        "quality": 0.9,
        "validated": 1,
        "at": 1000.0,
    }
    await _insert(database, tables.receipt, row | more)


async def named(database: Database) -> None:
    """Installation 1 is octo's, repository 10 is octo/repo."""
    await _insert(database, tables.installation, {"id": 1, "account_id": 5, "account": "octo"})
    await _insert(database, tables.repository, {"id": 10, "installation_id": 1, "full_name": "octo/repo"})


async def _insert(database: Database, table: sa.Table, row: dict[str, Any]) -> None:
    await database.write(lambda conn: conn.execute(sa.insert(table).values(**row)))
